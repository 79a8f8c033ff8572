// What a party's next entry says: its new keys beside the old, which stay valid until all that they signed has arrived;
// and which keys are revoked. Plain data in, plain data out: nothing is written here.
import { base64url, directoryEntry, type DirectoryEntry, type PublishedKey } from '@anonymesh/protocol';
import { inUse, kindsOfKeys, publicBytes, type OwnKey } from '@anonymesh/trust';
import { No } from '../../telling/no.js';

export type KindOfKey = (typeof kindsOfKeys)[number];

export interface Rotation {
  /** When the new keys begin, and for how long each is valid; milliseconds. */
  readonly from: number;
  readonly lifetime: number;
  /** How long the key that is in use now stays valid beside its successor; milliseconds. */
  readonly overlap: number;
  readonly fresh: Readonly<Partial<Record<KindOfKey, OwnKey>>>;
  /** Key ids, and since when. */
  readonly revoke: ReadonlyMap<string, number>;
  readonly now: number;
}

/** An entry has room for no more keys of one kind. */
const most = 8;

export function nextEntry(current: DirectoryEntry, rotation: Rotation): DirectoryEntry {
  const { signing, sealing, mask } = rotation.fresh;
  const parsed = directoryEntry.safeParse({
    ...current,
    serial: current.serial + 1,
    signing: keysOf(current.signing, signing, rotation),
    sealing: keysOf(current.sealing, sealing, rotation),
    mask: keysOf(current.mask, mask, rotation),
  });
  if (!parsed.success) throw new No('usage', parsed.error.issues.map(({ message }) => message).join('; '));
  return parsed.data;
}

/** Of which kinds there must be new keys: all, or, where keys are revoked, those that would be left without one. */
export function kindsToRenew(current: DirectoryEntry, revoke: ReadonlyMap<string, number>, now: number): KindOfKey[] {
  const kinds = kindsOfKeys.filter((kind) => current[kind].length > 0);
  if (revoke.size === 0) return kinds;
  return kinds.filter((kind) => inUse(revoked(current[kind], revoke), now) === undefined);
}

function keysOf(
  published: readonly PublishedKey[],
  fresh: OwnKey | undefined,
  { from, lifetime, overlap, revoke, now }: Rotation,
): PublishedKey[] {
  const known = revoked(published, revoke);
  if (fresh === undefined) return known;
  const before = inUse(known, now);
  const old = known.map((key) => (key === before ? { ...key, until: from + overlap } : key));
  const next = { kid: fresh.kid, key: base64url(publicBytes(fresh)), from, until: from + lifetime };
  return withRoom([next, ...old], now);
}

function revoked(published: readonly PublishedKey[], revoke: ReadonlyMap<string, number>): PublishedKey[] {
  return published.map((key) => {
    const revokedAt = Math.min(revoke.get(key.kid) ?? Infinity, key.revokedAt ?? Infinity);
    return revokedAt === Infinity ? key : { ...key, revokedAt: Math.max(revokedAt, key.from) };
  });
}

/** What ended longest ago makes room; the directory keeps the older entries, by which what it signed is verified. */
function withRoom(keys: readonly PublishedKey[], now: number): PublishedKey[] {
  const ended = keys.filter(({ until, revokedAt = Infinity }) => Math.min(until, revokedAt) <= now);
  const longestAgo = ended.toSorted((a, b) => a.until - b.until).slice(0, Math.max(0, keys.length - most));
  const kept = keys.filter((key) => !longestAgo.includes(key));
  if (kept.length > most) throw new No('refused', `there are ${most} keys of a kind that have not ended yet: wait`);
  return kept;
}
