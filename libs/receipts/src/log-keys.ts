// Whose keys speak for a party's log, and who may have seen it: by what a directory knows, now and of the past.
import { originOf, type LogKeys, type NamedKey } from '@anonymesh/evidence';
import type { PartyId } from '@anonymesh/protocol';
import type { Directory } from '@anonymesh/trust';

export function logKeysOf(directory: Directory, party: PartyId): LogKeys {
  const own = directory.signersOf(party);
  return {
    keys: own.flatMap(({ key, revokedAt }) => (revokedAt === undefined ? [key] : [])),
    revoked: own.flatMap(({ key, revokedAt }) => (revokedAt === undefined ? [] : [{ key, since: revokedAt }])),
    witnesses: witnessesBeside(directory, [party]),
  };
}

/** All other parties, with the keys that nobody can have stolen. */
export function witnessesBeside(directory: Directory, parties: readonly PartyId[]): NamedKey[] {
  return [...directory.parties.values()]
    .filter(({ id }) => !parties.includes(id))
    .flatMap(({ id, fingerprint }) =>
      directory
        .signersOf(id)
        .flatMap(({ key, revokedAt }) => (revokedAt === undefined ? [{ name: originOf(id, fingerprint), key }] : [])),
    );
}
