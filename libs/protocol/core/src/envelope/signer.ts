// Whose key signed: found by its id, in a directory that the verifier trusts. A revoked key is not the same as an unknown
// one: who sent the letter should hear of it.
import type { KeyObject } from 'node:crypto';
import type { PartyId, PartyKind } from '../party.js';
import { verifyJws, type Unverified } from './sign.js';

/** A key that signed, and whose it is. */
export interface Signer {
  readonly id: PartyId;
  readonly kind: PartyKind;
  /** Fingerprint of the identity key that vouches for the signing key. */
  readonly identity: string;
  readonly key: KeyObject;
  /** Since when, in milliseconds since 1970, the key may be in other hands: what it signs from then on counts for nothing. */
  readonly revokedAt?: number | undefined;
}

/** Whose key that is, unless it is revoked or nobody’s. */
export type FindSigner = (kid: string) => Signer | 'key-revoked' | undefined;

/** Who signed what, or why it does not count. What the payload says of its time is for the caller to judge. */
export function verifyBySigner(
  jws: string,
  typ: string,
  find: FindSigner,
): { readonly signer: Signer; readonly payload: Buffer } | Unverified | 'key-revoked' {
  let found: ReturnType<FindSigner>;
  const verified = verifyJws(jws, typ, (kid) => {
    found = find(kid);
    return typeof found === 'object' ? found.key : undefined;
  });
  if (typeof found === 'string') return found;
  if (typeof verified === 'string') return verified;
  return found === undefined ? 'unknown-key' : { signer: found, payload: verified.payload };
}

/** Whether the key had been revoked when it signed, by what the signed words themselves say of that time. */
export function wasRevoked({ revokedAt }: Pick<Signer, 'revokedAt'>, signedAt: number): boolean {
  return revokedAt !== undefined && revokedAt <= signedAt;
}
