// Fingerprints of identity keys: what people compare out of band and agreements pin.
import { thumbprint, fromBase64url, publicKeyFrom } from '@anonymesh/protocol';
import type { KeyObject } from 'node:crypto';

/** base64url of the 32 raw bytes of an Ed25519 key → base64url of its RFC 7638 thumbprint. */
export function fingerprintOf(identity: string): string {
  return thumbprint('Ed25519', raw(identity));
}

/** base64url of the 32 raw bytes → the key. Throws on another length. */
export function identityKey(identity: string): KeyObject {
  return publicKeyFrom('Ed25519', raw(identity));
}

function raw(text: string): Buffer {
  const bytes = fromBase64url(text);
  if (bytes?.length !== 32) throw new TypeError('an identity key is 32 bytes in base64url');
  return bytes;
}
