// What the operator alone does: admit and remove. The party's fingerprint must have come by another way than its entry,
// or whoever carried the entry could have put in its own.
import { existsSync, readFileSync } from 'node:fs';
import { base64url, directoryFile, type Admission, type DirectoryFile, type SigningKey } from '@anonymesh/protocol';
import {
  publicBytes,
  readDirectory,
  readDocument,
  readKeyFile,
  signAdmission,
  verifyEntry,
  worthKeeping,
  type Directory,
  type KnownEntry,
  type ReadDirectory,
} from '@anonymesh/trust';
import { replaceFile } from '../replace-file.js';
import { named, No } from '../telling/no.js';
import { refuseBackwards } from './refuse-backwards.js';

/** A directory as it is to be: checked whole, and not written yet. */
export interface Changed {
  readonly file: string;
  readonly content: DirectoryFile;
  readonly directory: Directory;
  /** Of the operator, base64url. */
  readonly operator: string;
}

export async function addEntry(
  file: string,
  entryFile: string,
  telling: { readonly operatorKey: string; readonly fingerprint: string },
) {
  const jws = named(() => readFileSync(entryFile, 'utf8')).trim();
  const { id, ...changed } = await withEntry(file, { jws, from: entryFile }, telling);
  keep(changed);
  return { id, serial: changed.directory.serial, operator: changed.operator };
}

export async function removeParty(file: string, id: string, operatorKey: string) {
  const changed = await withoutParty(file, id, operatorKey);
  keep(changed);
  return { serial: changed.directory.serial };
}

/** `from`: where the entry was, for people. */
export async function withEntry(
  file: string,
  { jws, from }: { readonly jws: string; readonly from: string },
  { operatorKey, fingerprint }: { readonly operatorKey: string; readonly fingerprint: string },
): Promise<Changed & { readonly id: string }> {
  const operator = named(() => readKeyFile(operatorKey, 'Ed25519'));
  const entry = verifyEntry(jws);
  if (entry === undefined) throw new No('refused', `${from}: its own identity did not sign this entry`);
  if (entry.fingerprint !== fingerprint)
    throw new No('refused', `${from}: has the fingerprint ${entry.fingerprint}, not the one that you were told`);
  const held = existsSync(file) ? read(file, operator) : undefined;
  const known = held?.directory.parties.get(entry.id);
  if (known !== undefined && known.fingerprint !== entry.fingerprint)
    throw new No('refused', `${entry.id} is admitted with another identity: remove that party first`);
  if (known !== undefined) refuseBackwards(known, entry, from);
  const serial = (held?.directory.serial ?? 0) + 1;
  const changed = await change(file, operator, serial, withNewest(held?.entries ?? [], { jws, entry }));
  // Whoever publishes a key that another party has would be left out by every node.
  if (!changed.directory.parties.has(entry.id))
    throw new No('refused', `${from}: publishes a key that another party has`);
  return { id: entry.id, ...changed };
}

export function withoutParty(file: string, id: string, operatorKey: string): Promise<Changed> {
  const operator = named(() => readKeyFile(operatorKey, 'Ed25519'));
  const { directory, entries } = read(file, operator);
  if (!directory.parties.has(id)) throw new No('refused', `${file}: there is no ${id}`);
  const others = entries.filter(({ entry }) => entry.id !== id);
  return change(file, operator, directory.serial + 1, others);
}

export function keep({ file, content }: Pick<Changed, 'file' | 'content'>): void {
  replaceFile(file, `${JSON.stringify(content, undefined, 2)}\n`);
}

function read(file: string, operator: SigningKey): ReadDirectory {
  const content = named(() => readDocument(file, directoryFile, JSON.parse));
  const found = readDirectory(content, base64url(publicBytes(operator)));
  if (found === undefined) throw new No('refused', `${file}: this operator did not sign this directory`);
  return found;
}

/** In its party's place, for who was admitted first keeps its keys; with what tells of its past. */
function withNewest(held: readonly KnownEntry[], next: KnownEntry): KnownEntry[] {
  const { id } = next.entry;
  const own = worthKeeping([next, ...held.filter(({ entry }) => entry.id === id)]);
  const at = held.findIndex(({ entry }) => entry.id === id);
  const others = held.filter(({ entry }) => entry.id !== id);
  return at === -1 ? [...others, ...own] : [...others.slice(0, at), ...own, ...others.slice(at)];
}

async function change(
  file: string,
  operator: SigningKey,
  serial: number,
  held: readonly KnownEntry[],
): Promise<Changed> {
  const admitted = new Map(held.map(({ entry }) => [entry.id, { id: entry.id, identity: entry.fingerprint }]));
  const admission: Admission = {
    type: 'anonymesh/admission/v1',
    serial,
    issuedAt: Date.now(),
    admitted: [...admitted.values()],
  };
  const content: DirectoryFile = {
    admission: await signAdmission(admission, operator),
    entries: held.map(({ jws }) => jws),
  };
  const publicKey = base64url(publicBytes(operator));
  const found = readDirectory(content, publicKey);
  if (found === undefined) throw new No('refused', `${file}: the changed directory cannot be read`);
  return { file, content, directory: found.directory, operator: publicKey };
}
