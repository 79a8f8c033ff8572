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
  type VerifiedEntry,
} from '@anonymesh/trust';
import { named, No } from '../telling/no.js';

interface Held {
  readonly serial: number;
  readonly entries: ReadonlyMap<string, { readonly jws: string; readonly entry: VerifiedEntry }>;
}

export function addEntry(
  file: string,
  entryFile: string,
  { operatorKey, fingerprint }: { readonly operatorKey: string; readonly fingerprint: string },
) {
  const operator = named(() => readKeyFile(operatorKey, 'Ed25519'));
  const jws = named(() => readFileSync(entryFile, 'utf8')).trim();
  const entry = verifyEntry(jws);
  if (entry === undefined) throw new No('refused', `${entryFile}: its own identity did not sign this entry`);
  if (entry.fingerprint !== fingerprint)
    throw new No('refused', `${entryFile}: has the fingerprint ${entry.fingerprint}, not the one that you were told`);
  const { serial, entries } = existsSync(file) ? read(file, operator) : { serial: 0, entries: new Map() };
  const known = (entries as Held['entries']).get(entry.id)?.entry;
  if (known !== undefined && known.fingerprint !== entry.fingerprint)
    throw new No('refused', `${entry.id} is admitted with another identity: remove that party first`);
  if (known !== undefined && known.serial >= entry.serial)
    throw new No('refused', `${entry.id} has an entry ${known.serial} already: this one is ${entry.serial}`);
  const others = [...(entries as Held['entries']).values()].filter((each) => each.entry.id !== entry.id);
  write(file, operator, serial + 1, [...others, { jws, entry }]);
  return { id: entry.id, serial: serial + 1, operator: base64url(publicBytes(operator)) };
}

export function removeParty(file: string, id: string, operatorKey: string) {
  const operator = named(() => readKeyFile(operatorKey, 'Ed25519'));
  const { serial, entries } = read(file, operator);
  if (!entries.has(id)) throw new No('refused', `${file}: there is no ${id}`);
  write(
    file,
    operator,
    serial + 1,
    [...entries.values()].filter(({ entry }) => entry.id !== id),
  );
  return { serial: serial + 1 };
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

/** Whole or not at all: nodes may be reading it. */
function write(
  file: string,
  operator: PrivateKey,
  serial: number,
  held: readonly { readonly jws: string; readonly entry: VerifiedEntry }[],
): void {
  const admitted: Admission['admitted'] = held.map(({ entry }) => ({ id: entry.id, identity: entry.fingerprint }));
  const admission = { type: 'anonymesh/admission/v1', serial, issuedAt: Date.now(), admitted } as const;
  const content: DirectoryFile = { admission: signAdmission(admission, operator), entries: held.map(({ jws }) => jws) };
  named(() => writeFileSync(`${file}.new`, `${JSON.stringify(content, undefined, 2)}\n`));
  renameSync(`${file}.new`, file);
}
