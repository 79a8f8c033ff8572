// Under which name a party signs for its log, and by which keys others' signatures are known.
import { originOf, type NamedSigningKey } from '@anonymesh/evidence';
import type { PartyId } from '@anonymesh/protocol';
import type { Directory } from '@anonymesh/trust';
import type { KeyObject } from 'node:crypto';
import type { Self } from '../parcel.js';

/** Throws where the directory does not have this party: nobody could verify what it signs. */
export function ownName({ id, directory, keyring }: Self): NamedSigningKey {
  const entry = directory.parties.get(id);
  if (entry === undefined) throw new Error('this party is not in the directory');
  return { name: originOf(id, entry.fingerprint), key: keyring.signing };
}

/** Those that it has published, past ones too: what they signed once they still prove. None that may have been stolen. */
export function keysOf(directory: Directory, id: PartyId): KeyObject[] {
  return directory.signersOf(id).flatMap(({ key, revokedAt }) => (revokedAt === undefined ? [key] : []));
}
