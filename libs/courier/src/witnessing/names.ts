// Under which name a party signs for its log, and by which keys others' signatures are known.
import { originOf, type NamedKey } from '@anonymesh/evidence';
import { publicKeyFrom, type PartyId } from '@anonymesh/protocol';
import type { Directory } from '@anonymesh/trust';
import type { KeyObject } from 'node:crypto';
import type { Self } from '../parcel.js';

/** Throws where the directory does not have this party: nobody could verify what it signs. */
export function ownName({ id, directory, keyring }: Self): NamedKey {
  const entry = directory.parties.get(id);
  if (entry === undefined) throw new Error('this party is not in the directory');
  return { name: originOf(id, entry.fingerprint), key: keyring.signing.key };
}

/** Those that the directory has, whether or not they are still good: what they signed once they still prove. */
export function keysOf(directory: Directory, id: PartyId): KeyObject[] {
  const signing = directory.parties.get(id)?.signing ?? [];
  return signing.map(({ key }) => publicKeyFrom('Ed25519', Buffer.from(key, 'base64url')));
}
