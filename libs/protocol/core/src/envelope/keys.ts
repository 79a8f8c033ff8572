// Keys as Node holds them: Ed25519 to sign, X25519 to seal; a key's id is its RFC 7638 thumbprint.
import { createPublicKey, type KeyObject } from 'node:crypto';
import { canonicalBytes, sha256Of } from '../canonical.js';
import { base64url, fromBase64url } from '../encodings.js';

/** X25519: it opens, and never signs (signing-key.ts). */
export interface PrivateKey {
  readonly kid: string;
  readonly key: KeyObject;
}

export interface PublicKey {
  readonly kid: string;
  readonly key: KeyObject;
}

type Curve = 'Ed25519' | 'X25519';

/** 32 raw bytes → a public key. Throws on another length. */
export function publicKeyFrom(curve: Curve, raw: Uint8Array): KeyObject {
  if (raw.length !== 32) throw new TypeError('a public key is 32 bytes');
  const jwk = { kty: 'OKP', crv: curve, x: base64url(raw) };
  // Node finds out that this is not a KeyObject by an exception that it catches itself: its stack took three times as
  // long as the key.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return createPublicKey({ key: jwk, format: 'jwk' });
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** The 32 raw bytes of a public key. */
export function rawPublicKey(key: KeyObject): Buffer {
  const x = key.export({ format: 'jwk' }).x;
  const raw = x === undefined ? undefined : fromBase64url(x);
  if (raw?.length !== 32) throw new TypeError('not an Ed25519 or X25519 key');
  return raw;
}

/** RFC 7638 thumbprint of an OKP public key (RFC 8037 section 2), base64url of SHA-256. */
export function thumbprint(curve: Curve, raw: Uint8Array): string {
  return sha256Of(canonicalBytes({ crv: curve, kty: 'OKP', x: base64url(raw) }));
}
