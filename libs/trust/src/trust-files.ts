// Where a node finds directory and agreements, and what it makes of them: read at start, each fault named with its file.
// A newer directory takes the place of the older one under everything that has been opened with it.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { agreement, bytesText, directoryFile } from '@anonymesh/protocol';
import { z } from 'zod';
import { readDocument, readYaml } from './read-document.js';
import type { Directory } from './directory.js';
import { changeable } from './live-directory.js';
import { readDirectory, type ReadDirectory } from './read-directory.js';
import { agreementSignatures, checkAgreement, type SignedAgreement } from './signed-agreement.js';

export const trustConfig = z.strictObject({
  directory: z.string().min(1),
  /** base64url of the operator's Ed25519 public key. */
  operator: bytesText(32),
  /** A folder of `<name>.yaml` with `<name>.signatures.json` beside it. */
  agreements: z.string().min(1),
});
export type TrustConfig = z.infer<typeof trustConfig>;

export interface Trust {
  readonly directory: Directory;
  /** By hash. */
  readonly agreements: Map<string, SignedAgreement>;
}

export interface OpenTrust extends Trust {
  /** From now on `directory` says what this one says. */
  readonly goBy: (directory: Directory) => void;
}

/** Throws, naming the file and what is wrong with it. */
export function openTrust(config: TrustConfig): OpenTrust {
  const { directory, goBy } = changeable(readDirectoryFile(config).directory);
  const signed = readdirSync(config.agreements)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => readAgreement(join(config.agreements, file), directory));
  return { directory, goBy, agreements: new Map(signed.map((each) => [each.hash, each])) };
}

/** Throws, naming the file and what is wrong with it. `known`: entries that were seen before. */
export function readDirectoryFile(
  { directory: file, operator }: Pick<TrustConfig, 'directory' | 'operator'>,
  known: readonly string[] = [],
): ReadDirectory & { readonly admission: string } {
  const json = readDocument(file, directoryFile, JSON.parse);
  const read = readDirectory(json, operator, known);
  if (read === undefined) throw new Error(`${file}: the operator did not sign this directory`);
  return { ...read, admission: json.admission };
}

function readAgreement(file: string, directory: Directory): SignedAgreement {
  const content = readYaml(file, agreement);
  const beside = file.replace(/\.yaml$/, '.signatures.json');
  const signatures = existsSync(beside) ? readDocument(beside, agreementSignatures, JSON.parse) : {};
  return checkAgreement(content, signatures, directory);
}
