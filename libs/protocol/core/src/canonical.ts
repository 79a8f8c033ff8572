// One byte string for each value: canonical JSON (RFC 8785), hashes of it, and length-prefixed labels for other inputs.
import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { base64url } from './encodings.js';

/** The canonical JSON (RFC 8785) of a plain value, as UTF-8. Throws on what JSON cannot say. */
export function canonicalBytes(value: unknown): Buffer {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('a value without canonical JSON');
  return Buffer.from(text, 'utf8');
}

/** SHA-256, 32 bytes. */
export function sha256(bytes: Uint8Array | string): Buffer {
  return createHash('sha256').update(bytes).digest();
}

/** base64url of SHA-256 of the bytes. */
export function sha256Of(bytes: Uint8Array | string): string {
  return base64url(sha256(bytes));
}

/** Parts, each after its length as 4 bytes big-endian: no two different lists give the same bytes. */
export function lengthPrefixed(...parts: readonly (Uint8Array | string)[]): Buffer {
  let length = 0;
  for (const part of parts) length += 4 + (typeof part === 'string' ? Buffer.byteLength(part) : part.length);
  const bytes = Buffer.allocUnsafe(length);
  let at = 0;
  for (const part of parts) {
    const size = typeof part === 'string' ? bytes.write(part, at + 4) : part.length;
    if (typeof part !== 'string') bytes.set(part, at + 4);
    at = bytes.writeUInt32BE(size, at) + size;
  }
  return bytes;
}
