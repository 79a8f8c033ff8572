// Rotates a party's keys: makes new ones beside the old, and the entry that publishes them. The identity key need not be
// here: the entry is then a request, which is signed where that key is.
import { existsSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { longestKept, type DirectoryEntry } from '@anonymesh/protocol';
import { keysIn, newKey, readKeyFile, successorOf, writeKeyFile, type NewKey, type OwnKey } from '@anonymesh/trust';
import { instantOf, named, No } from '../../telling/no.js';
import { kindsToRenew, nextEntry, type KindOfKey } from './next-entry.js';
import { readOwnKeys, type OwnKeys } from './own-keys.js';
import { signedBy } from './sign-request.js';

export interface RotateOptions {
  readonly config: string;
  readonly out: string;
  readonly identity?: string;
  readonly from?: string;
  readonly days: string;
  readonly overlap: string;
  readonly revoke: readonly string[];
  readonly at?: string;
  readonly again?: boolean;
}

export interface Rotated {
  readonly party: string;
  readonly file: string;
  readonly isSigned: boolean;
  readonly entry: DirectoryEntry;
  readonly fingerprint: string;
  readonly made: readonly { readonly kind: KindOfKey; readonly file: string; readonly id: string }[];
}

const day = 86_400_000;
/** Days: a letter that waits at the broker must find its key still valid. */
const leastOverlap = longestKept / day;

export async function rotate(options: RotateOptions, now: number): Promise<Rotated> {
  const own = readOwnKeys(options.config);
  const { entry: current, party, fingerprint } = own;
  if (existsSync(options.out)) throw new No('usage', `${options.out} is there already: say another --out`);
  const revoke = revocations(options, current, now);
  const from = beginning(options, revoke.size > 0, now);
  const made = kindsToRenew(current, revoke, now).map((kind) => keyFor(kind, own, options.again === true));
  const renewed = Object.fromEntries(made.map(({ kind, key }) => [kind, key]));
  const lifetime = wholeDays('--days', options.days, 1) * day;
  const overlap = wholeDays('--overlap', options.overlap, leastOverlap) * day;
  const entry = nextEntry(current, { from, lifetime, overlap, fresh: renewed, revoke, now });
  const text =
    options.identity === undefined ? JSON.stringify(entry, undefined, 2) : await signedBy(entry, options.identity);
  // Everything that can be refused has been: from here on files are written, the keys before what names them.
  for (const { file, fresh } of made) if (fresh !== undefined) named(() => writeKeyFile(file, fresh));
  named(() => writeFileSync(options.out, `${text}\n`, { flag: 'wx' }));
  return {
    party,
    file: options.out,
    isSigned: options.identity !== undefined,
    entry,
    fingerprint,
    made: made.map(({ kind, file, key }) => ({ kind, file, id: key.kid })),
  };
}

interface Made {
  readonly kind: KindOfKey;
  readonly file: string;
  readonly key: OwnKey;
  /** That key, where it is in no file yet. */
  readonly fresh?: NewKey;
}

function keyFor(kind: KindOfKey, { entry, files }: OwnKeys, again: boolean): Made {
  const [first] = files[kind];
  if (first === undefined) throw new No('refused', `the config has no ${kind} key, and the directory has`);
  const file = successorOf(first.configured, entry.serial + 1);
  const curve = kind === 'signing' ? 'Ed25519' : 'X25519';
  if (!existsSync(file)) {
    const fresh = newKey(curve);
    return { kind, file, key: fresh, fresh };
  }
  if (again) return { kind, file, key: named(() => readKeyFile(file, curve)) };
  throw new No(
    'refused',
    `${file} is there: entry ${entry.serial + 1} is under way, and the directory has entry ${entry.serial}. Have that one admitted. Where it was lost, say --again: it is made once more from the same keys. Where those may be stolen as well, remove their files`,
  );
}

function revocations({ revoke, at }: RotateOptions, current: DirectoryEntry, now: number): Map<string, number> {
  if (at !== undefined && revoke.length === 0) throw new No('usage', '--at says since when a key is revoked: --revoke');
  const since = at === undefined ? now : instantOf('--at', at);
  if (since > now) throw new No('usage', '--at is in the future: a key that is stolen is revoked now, or earlier');
  return new Map(
    revoke.map((kid) => {
      const key = keysIn(current).find((each) => each.kid === kid);
      if (key === undefined)
        throw new No(
          'refused',
          `${kid} is no key of this party’s entry ${current.serial}: see mesh directory show --json`,
        );
      if (key.revokedAt !== undefined && key.revokedAt <= since)
        throw new No('refused', `${kid} is revoked since ${new Date(key.revokedAt).toISOString()} already`);
      return [kid, since];
    }),
  );
}

/** Everybody must have the directory by then; what replaces a stolen key is needed at once. */
function beginning({ from }: RotateOptions, isRevoking: boolean, now: number): number {
  if (from === undefined) return isRevoking ? now : now + day;
  const begins = instantOf('--from', from);
  if (begins < now) throw new No('usage', '--from is past: nobody has the new keys yet');
  return begins;
}

function wholeDays(option: string, text: string, least: number): number {
  const days = Number(text);
  if (!Number.isInteger(days) || days < least || days > 3650)
    throw new No('usage', `${option} is a number of days, ${least} to 3650`);
  return days;
}

/** What is to be done next, by whom. */
export function nextSteps({ party, file, isSigned, entry, fingerprint, made }: Rotated): string[] {
  const signed = isSigned ? file : `${basename(file)}.signed`;
  const begins = made.length === 0 ? undefined : Math.max(...keysIn(entry).map(({ from }) => from));
  return [
    ...(isSigned ? [] : [`where the identity key is: mesh keys sign ${file} --identity identity.pem --out ${signed}`]),
    `the operator: mesh directory add DIRECTORY ${signed} --operator-key FILE --fingerprint ${fingerprint}`,
    `every party: puts the new directory in the place of the old; nodes take it up by themselves${
      begins === undefined ? '' : `. All must have it by ${new Date(begins).toISOString()}`
    }`,
    ...(made.length === 0
      ? []
      : [
          `${party}: nothing; its node finds the new keys, and uses them from then on. Later: mesh keys rotate --retire`,
        ]),
  ];
}
