// What two holders share and nobody else knows: the secret from which the masks of both are derived. Made once per pair
// of mask keys and passed to `maskFlag` for every query; this library keeps none of it.
import { diffieHellman, type KeyObject } from 'node:crypto';

/** Party id of each other holder to the 32 bytes of `agreeWith` its mask key in force for the query. */
export type PairSecrets = ReadonlyMap<string, Uint8Array>;

/**
 * X25519 (RFC 7748) of one's own private mask key and another holder's public one: 32 bytes, the same on both sides.
 *
 * Throws if either key is not X25519, or if the peer's has small order: the secret would be zero whatever our key, known
 * to all, and our flag would leave unmasked (RFC 7748 §6.1). OpenSSL makes that check itself.
 */
export function agreeWith(ownMaskPrivate: KeyObject, peerMaskPublic: KeyObject): Buffer {
  if (ownMaskPrivate.asymmetricKeyType !== 'x25519' || peerMaskPublic.asymmetricKeyType !== 'x25519') {
    throw new TypeError('mask keys are X25519 keys');
  }
  try {
    return diffieHellman({ privateKey: ownMaskPrivate, publicKey: peerMaskPublic });
  } catch (cause) {
    throw new Error("the other holder's mask key cannot be agreed with", { cause });
  }
}
