// What the operator alone does: admit and remove. The party's fingerprint must have come by another way than its entry,
// or whoever carried the entry could have put in its own.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { base64url, directoryFile, type Admission, type DirectoryFile, type PrivateKey } from '@anonymesh/protocol';
import {
  publicBytes,
  readDirectory,
  readDocument,
  readKeyFile,
  signAdmission,
  verifyEntry,
  type Directory,
  type VerifiedEntry,
} from '@anonymesh/trust';
import { named, No } from '../telling/no.js';

interface Held {
  readonly serial: number;
  readonly entries: ReadonlyMap<string, { readonly jws: string; readonly entry: VerifiedEntry }>;
}

/** A directory as it is to be: checked whole, and not written yet. */
export interface Changed {
  readonly file: string;
  readonly content: DirectoryFile;
  readonly directory: Directory;
  /** Of the operator, base64url. */
  readonly operator: string;
}

export function addEntry(
  file: string,
  entryFile: string,
  telling: { readonly operatorKey: string; readonly fingerprint: string },
) {
  const jws = named(() => readFileSync(entryFile, 'utf8')).trim();
  const { id, ...changed } = withEntry(file, { jws, from: entryFile }, telling);
  keep(changed);
  return { id, serial: changed.directory.serial, operator: changed.operator };
}

export function removeParty(file: string, id: string, operatorKey: string) {
  const changed = withoutParty(file, id, operatorKey);
  keep(changed);
  return { serial: changed.directory.serial };
}

/** `from`: where the entry was, for people. */
export function withEntry(
  file: string,
  { jws, from }: { readonly jws: string; readonly from: string },
  { operatorKey, fingerprint }: { readonly operatorKey: string; readonly fingerprint: string },
): Changed & { readonly id: string } {
  const operator = named(() => readKeyFile(operatorKey, 'Ed25519'));
  const entry = verifyEntry(jws);
  if (entry === undefined) throw new No('refused', `${from}: its own identity did not sign this entry`);
  if (entry.fingerprint !== fingerprint)
    throw new No('refused', `${from}: has the fingerprint ${entry.fingerprint}, not the one that you were told`);
  const { serial, entries }: Held = existsSync(file) ? read(file, operator) : { serial: 0, entries: new Map() };
  const known = entries.get(entry.id)?.entry;
  if (known !== undefined && known.fingerprint !== entry.fingerprint)
    throw new No('refused', `${entry.id} is admitted with another identity: remove that party first`);
  if (known !== undefined && known.serial >= entry.serial)
    throw new No('refused', `${entry.id} has an entry ${known.serial} already: this one is ${entry.serial}`);
  const others = [...entries.values()].filter((each) => each.entry.id !== entry.id);
  const changed = change(file, operator, serial + 1, [...others, { jws, entry }]);
  // Whoever publishes a key that another party has would be left out by every node.
  if (!changed.directory.parties.has(entry.id))
    throw new No('refused', `${from}: publishes a key that another party has`);
  return { id: entry.id, ...changed };
}

export function withoutParty(file: string, id: string, operatorKey: string): Changed {
  const operator = named(() => readKeyFile(operatorKey, 'Ed25519'));
  const { serial, entries } = read(file, operator);
  if (!entries.has(id)) throw new No('refused', `${file}: there is no ${id}`);
  const others = [...entries.values()].filter(({ entry }) => entry.id !== id);
  return change(file, operator, serial + 1, others);
}

/** Whole or not at all: nodes may be reading it. */
export function keep({ file, content }: Pick<Changed, 'file' | 'content'>): void {
  named(() => writeFileSync(`${file}.new`, `${JSON.stringify(content, undefined, 2)}\n`));
  renameSync(`${file}.new`, file);
}

function read(file: string, operator: PrivateKey): Held {
  const content = named(() => readDocument(file, directoryFile, JSON.parse));
  const found = readDirectory(content, base64url(publicBytes(operator)));
  if (found === undefined) throw new No('refused', `${file}: this operator did not sign this directory`);
  const { directory } = found;
  const held = content.entries.flatMap((jws) => {
    const entry = verifyEntry(jws);
    const isCurrent = entry !== undefined && directory.parties.get(entry.id)?.serial === entry.serial;
    return isCurrent && directory.parties.get(entry.id)?.fingerprint === entry.fingerprint ? [{ jws, entry }] : [];
  });
  return { serial: directory.serial, entries: new Map(held.map((each) => [each.entry.id, each])) };
}

function change(
  file: string,
  operator: PrivateKey,
  serial: number,
  held: readonly { readonly jws: string; readonly entry: VerifiedEntry }[],
): Changed {
  const admitted: Admission['admitted'] = held.map(({ entry }) => ({ id: entry.id, identity: entry.fingerprint }));
  const admission = { type: 'anonymesh/admission/v1', serial, issuedAt: Date.now(), admitted } as const;
  const content: DirectoryFile = { admission: signAdmission(admission, operator), entries: held.map(({ jws }) => jws) };
  const publicKey = base64url(publicBytes(operator));
  const found = readDirectory(content, publicKey);
  if (found === undefined) throw new No('refused', `${file}: the changed directory cannot be read`);
  return { file, content, directory: found.directory, operator: publicKey };
}
