// The keys that a party has published, in all of its entries that are known: the newest entry says which may be used, the
// older ones what was signed before. A revocation counts whichever entry has it, for ever: with an entry that leaves it
// out, or has it later, nobody gives a stolen key back its worth.
import { clockTolerance, type DirectoryEntry, type PublishedKey } from '@anonymesh/protocol';
import type { VerifiedEntry } from './entry.js';

export const kindsOfKeys = ['signing', 'sealing', 'mask'] as const;

/** When each key was revoked first, by key id. */
export function revocationsIn(entries: readonly DirectoryEntry[]): Map<string, number> {
  const revoked = new Map<string, number>();
  for (const { kid, revokedAt } of entries.flatMap((entry) => keysIn(entry)))
    if (revokedAt !== undefined) revoked.set(kid, Math.min(revokedAt, revoked.get(kid) ?? Infinity));
  return revoked;
}

/** The entry, with what is known of its keys from others. */
export function withRevocations(entry: VerifiedEntry, revoked: ReadonlyMap<string, number>): VerifiedEntry {
  const of = (keys: readonly PublishedKey[]) =>
    keys.map((key) => (revoked.has(key.kid) ? { ...key, revokedAt: revoked.get(key.kid) } : key));
  return { ...entry, signing: of(entry.signing), sealing: of(entry.sealing), mask: of(entry.mask) };
}

/**
 * Of entries of one identity, newest first, those by which more is known than by the newer ones: a key that signed, or a
 * revocation. Whoever keeps these can verify what is old, and takes no stolen key for a good one.
 */
export function worthKeeping<Kept extends { readonly entry: DirectoryEntry }>(newestFirst: readonly Kept[]): Kept[] {
  const known = new Set<string>();
  const revoked = new Map<string, number>();
  return newestFirst.filter(({ entry }, index) => {
    const own = revocationsIn([entry]);
    const tells =
      entry.signing.some(({ kid }) => !known.has(kid)) ||
      [...own].some(([kid, at]) => at < (revoked.get(kid) ?? Infinity));
    for (const { kid } of entry.signing) known.add(kid);
    for (const [kid, at] of own) revoked.set(kid, Math.min(at, revoked.get(kid) ?? Infinity));
    return index === 0 || tells;
  });
}

export function keysIn(entry: DirectoryEntry): PublishedKey[] {
  return kindsOfKeys.flatMap((kind) => entry[kind]);
}

/** The one to use at that time: of those that are valid and not revoked, the one that began last. */
export function inUse(keys: readonly PublishedKey[], at: number): PublishedKey | undefined {
  return keys
    .filter((key) => key.from <= at && at < key.until && !isRevoked(key, at))
    .reduce<PublishedKey | undefined>((a, b) => (a === undefined || b.from > a.from ? b : a), undefined);
}

/** Whether what another party does with the key at that time is to be accepted: its clock may be ahead of ours. */
export function isAccepted({ from, until, revokedAt = Infinity }: PublishedKey, at: number): boolean {
  return from - clockTolerance <= at && at < until && from < revokedAt;
}

export function isRevoked({ revokedAt }: Pick<PublishedKey, 'revokedAt'>, at: number): boolean {
  return revokedAt !== undefined && revokedAt <= at;
}
