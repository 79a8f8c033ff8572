// Where a node finds directory and agreements, and what it makes of them: read at start, each fault named with its file.
// Notices that keep them current without a restart come with issue 5.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { agreement, bytesText } from '@anonymesh/protocol';
import { z } from 'zod';
import { readDocument, readYaml } from './read-document.js';
import { readDirectory, type Directory } from './directory.js';
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

/** Throws, naming the file and what is wrong with it. */
export function openTrust(config: TrustConfig): Trust {
  const read = readDirectory(readDocument(config.directory, z.unknown(), JSON.parse), config.operator);
  if (read === undefined) throw new Error(`${config.directory}: the operator did not sign this directory`);
  const { directory } = read;
  const signed = readdirSync(config.agreements)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => readAgreement(join(config.agreements, file), directory));
  return { directory, agreements: new Map(signed.map((each) => [each.hash, each])) };
}

function readAgreement(file: string, directory: Directory): SignedAgreement {
  const content = readYaml(file, agreement);
  const beside = file.replace(/\.yaml$/, '.signatures.json');
  const signatures = existsSync(beside) ? readDocument(beside, agreementSignatures, JSON.parse) : {};
  return checkAgreement(content, signatures, directory);
}
