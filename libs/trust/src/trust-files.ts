// Where a node finds directory and agreements, and what it makes of them: each fault named with its file. A newer directory
// takes the place of the older one under everything that has been opened with it; what comes into the folder of agreements
// later, a node reads as well.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { agreement, bytesText, compactJws, directoryFile } from '@anonymesh/protocol';
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
  /** A folder of `<name>.yaml` with `<name>.signatures.json` beside it, and `<name>.withdrawn.json` where it was withdrawn. */
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
  const signed = namesIn(config.agreements).map((name) => readAgreement(config.agreements, name, directory).signed);
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

/** What an administrator has put down of one agreement. */
export interface FiledAgreement {
  readonly signed: SignedAgreement;
  /** As parties signed them: see force/status.ts. */
  readonly withdrawals: readonly string[];
}

/** The names of the agreements in a folder. */
export function namesIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.slice(0, -'.yaml'.length));
}

/** The files of an agreement of that name: of signatures and withdrawals there may be none. */
export function filesOf(folder: string, name: string) {
  const file = (ending: string) => join(folder, `${name}.${ending}`);
  return { document: file('yaml'), signatures: file('signatures.json'), withdrawals: file('withdrawn.json') };
}

/** Throws, naming the file and what is wrong with it. */
export function readAgreement(folder: string, name: string, directory: Directory): FiledAgreement {
  const { document, signatures, withdrawals } = filesOf(folder, name);
  const content = readYaml(document, agreement);
  const signed = existsSync(signatures) ? readDocument(signatures, agreementSignatures, JSON.parse) : {};
  return {
    signed: checkAgreement(content, signed, directory),
    withdrawals: existsSync(withdrawals) ? readDocument(withdrawals, z.array(compactJws).max(100), JSON.parse) : [],
  };
}
