// Reads a directory as it is distributed: the operator's signature admits or removes a party and can change nothing in
// an entry. What a reader has known of a party's entries counts beside what the file has: an operator that leaves a newer
// entry out, or a file of yesterday, brings no key back.
import {
  admission,
  canonicalBytes,
  directoryFile,
  parseJson,
  signJws,
  verifyJws,
  type Admission,
  type PartyId,
  type SigningKey,
} from '@anonymesh/protocol';
import { directoryOf, type Directory } from './directory.js';
import { verifyEntry, type VerifiedEntry } from './entry.js';
import { fingerprintOf, identityKey } from './fingerprint.js';
import { keysIn } from './published-keys.js';

const type = 'anonymesh-admission';

export interface ReadDirectory {
  readonly directory: Directory;
  /** Places of entries in the file, from 0, that nobody goes by. */
  readonly leftOut: readonly number[];
  /** Every entry of an admitted party, newest first. */
  readonly entries: readonly KnownEntry[];
}

/** An entry as its party signed it. */
export interface KnownEntry {
  readonly jws: string;
  readonly entry: VerifiedEntry;
}

type Found = KnownEntry & { /** In the file. */ readonly index?: number };

export function signAdmission(content: Admission, operator: SigningKey): Promise<string> {
  return signJws(canonicalBytes(admission.parse(content)), type, operator);
}

/**
 * Reads a directory file's JSON. Entries that are not admitted, not signed by their own identity, of another kind than
 * that identity's first, or of a key id that somebody else has, are left out. Returns undefined where the operator did not sign it.
 *
 * @param known entries that this reader has seen before, as they were signed
 */
export function readDirectory(
  json: unknown,
  operator: string,
  known: readonly string[] = [],
): ReadDirectory | undefined {
  const file = directoryFile.safeParse(json);
  if (!file.success) return undefined;
  const operatorKey = identityKey(operator);
  const operatorId = fingerprintOf(operator);
  const signed = verifyJws(file.data.admission, type, (kid) => (kid === operatorId ? operatorKey : undefined));
  const admitted = admission.safeParse(typeof signed === 'string' ? undefined : parseJson(signed.payload));
  if (!admitted.success) return undefined;
  const identities = new Map(admitted.data.admitted.map((each) => [each.id, each.identity]));
  const leftOut: number[] = [];
  const found = new Map<PartyId, Found[]>();
  const take = (jws: string, index?: number) => {
    const entry = verifyEntry(jws);
    const isAdmitted = entry !== undefined && identities.get(entry.id) === entry.fingerprint;
    if (!isAdmitted && index !== undefined) leftOut.push(index);
    if (isAdmitted)
      found.set(entry.id, [...(found.get(entry.id) ?? []), { jws, entry, ...(index === undefined ? {} : { index }) }]);
  };
  const inFile = new Set(file.data.entries);
  for (const jws of known) if (!inFile.has(jws)) take(jws);
  file.data.entries.forEach(take);
  const turned = [...found].flatMap(([id, all]) => keepKind(id, all, found));
  const parties = new Map([...identities.keys()].flatMap((id) => newestFirst(id, found.get(id))));
  const foreign = keepOwners(parties);
  leftOut.push(...[...turned, ...foreign].flatMap(({ index }) => index ?? []));
  return {
    directory: directoryOf(admitted.data.serial, new Map([...parties].map(([id, all]) => [id, entriesOf(all)]))),
    leftOut: leftOut.sort((a, b) => a - b),
    entries: [...parties.values()].flat().map(({ jws, entry }) => ({ jws, entry })),
  };
}

/**
 * An identity is of one kind, that of its first entry that is known: another would be written to where it does not listen,
 * and hold up whoever has something for it. Takes out, and returns, its entries of another kind.
 */
function keepKind(id: PartyId, all: readonly Found[], found: Map<PartyId, Found[]>): Found[] {
  const { kind } = all.reduce((first, each) => (each.entry.serial < first.entry.serial ? each : first)).entry;
  const isKept = ({ entry }: Found) => entry.kind === kind;
  found.set(id, all.filter(isKept));
  return all.filter((each) => !isKept(each));
}

function newestFirst(id: PartyId, all: readonly Found[] = []): [PartyId, [Found, ...Found[]]][] {
  const [newest, ...older] = all.toSorted((a, b) => b.entry.serial - a.entry.serial);
  return newest === undefined ? [] : [[id, [newest, ...older]]];
}

/**
 * Whoever publishes a key of another party would be taken for it, or it for them: who was admitted first keeps it.
 * Takes out, and returns, the entries of the others; with its newest entry a party is out altogether. Keys that a party used
 * before are its own as well: by them what it signed is known.
 */
function keepOwners(parties: Map<PartyId, [Found, ...Found[]]>): Found[] {
  const owners = new Map<string, PartyId>();
  const foreign: Found[] = [];
  const own = (id: PartyId, each: Found): boolean => {
    const kids = keysIn(each.entry).map(({ kid }) => kid);
    const isOwn = kids.every((kid) => (owners.get(kid) ?? id) === id);
    for (const kid of kids) if (!owners.has(kid)) owners.set(kid, id);
    if (!isOwn) foreign.push(each);
    return isOwn;
  };
  for (const [id, [newest, ...older]] of parties) {
    const isIn = own(id, newest);
    const others = older.filter((each) => own(id, each));
    if (isIn) parties.set(id, [newest, ...others]);
    else parties.delete(id);
  }
  return foreign;
}

function entriesOf([newest, ...older]: readonly [Found, ...Found[]]): [VerifiedEntry, ...VerifiedEntry[]] {
  return [newest.entry, ...older.map(({ entry }) => entry)];
}
