// Signs a request for an entry, where the identity key is kept: what it says is shown, so that somebody can compare the ids
// of the keys with what the node's machine showed.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { directoryEntry, parseJson, type DirectoryEntry, type PartyId } from '@anonymesh/protocol';
import { fingerprintOf, kindsOfKeys, readKeyFile, signEntry, verifyEntry, type VerifiedEntry } from '@anonymesh/trust';
import { z } from 'zod';
import { refuseBackwards } from '../../directory/refuse-backwards.js';
import { named, No } from '../../telling/no.js';
import { columns } from '../../telling/told.js';

export interface SignOptions {
  readonly identity: string;
  readonly out: string;
}

/** `known`: a party's entry in the directory, where that is at hand. */
export async function signRequest(
  file: string,
  { identity, out }: SignOptions,
  known: (id: PartyId) => VerifiedEntry | undefined,
): Promise<DirectoryEntry> {
  const parsed = directoryEntry.safeParse(parseJson(named(() => readFileSync(file))));
  if (!parsed.success)
    throw new No('refused', [`${file}: no request for an entry:`, ...z.prettifyError(parsed.error).split('\n')]);
  if (existsSync(out)) throw new No('usage', `${out} is there already: say another --out`);
  const jws = await signedBy(parsed.data, identity);
  const before = known(parsed.data.id);
  if (before !== undefined) refuseBackwards(before, parsed.data, file);
  named(() => writeFileSync(out, `${jws}\n`, { flag: 'wx' }));
  return parsed.data;
}

/** The entry under its identity's signature. */
export async function signedBy(entry: DirectoryEntry, file: string): Promise<string> {
  const identity = named(() => readKeyFile(file, 'Ed25519'));
  const fingerprint = fingerprintOf(entry.identity);
  if (identity.kid !== fingerprint)
    throw new No('refused', `${file} is the identity ${identity.kid}; the entry of ${entry.id} is of ${fingerprint}`);
  const jws = await signEntry(entry, identity);
  if (verifyEntry(jws) === undefined) throw new No('refused', 'the request names a key by an id that is not its own');
  return jws;
}

/** All that the entry says, for people to compare: whoever carries a request could have put in another broker's key. */
export function shown(entry: DirectoryEntry): string[] {
  const { name, kind, broker } = entry;
  return [...columns([headOfRows, ...rowsOf(entry)]), `party:  ${name}, ${kind}`, `broker: ${broker}`];
}

function rowsOf(entry: DirectoryEntry): string[][] {
  const time = (at: number | undefined) => (at === undefined ? '' : new Date(at).toISOString().slice(0, 16) + 'Z');
  return kindsOfKeys.flatMap((kind) =>
    entry[kind].map(({ kid, from, until, revokedAt }) => [kind, kid, time(from), time(until), time(revokedAt)]),
  );
}

const headOfRows = ['kind', 'key id', 'from', 'until', 'revoked since'];
