// Text forms of bytes, as strict schemas: one spelling for each value, so that nothing can be written in two ways.
import { z } from 'zod';
import { hasSmallOrder } from './small-order.js';

/** Bytes → base64url without padding (RFC 4648 section 5). */
export function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url');
}

/** base64url → bytes, or undefined where the text is not the one canonical spelling of any bytes. */
export function fromBase64url(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined;
}

/** A schema for base64url text of exactly `length` bytes. */
export const bytesText = (length: number) =>
  z
    .string()
    .max(Math.ceil((length * 4) / 3))
    .refine((text) => fromBase64url(text)?.length === length, `must be ${length} bytes in base64url`);

/** A schema for an X25519 public key: 32 bytes in base64url, none of the points of small order. */
export const x25519Text = bytesText(32).refine((text) => {
  const key = fromBase64url(text);
  // This is asked also of what the first question has refused.
  return key?.length === 32 && !hasSmallOrder(key);
}, 'must not have small order');

/** base64url of a SHA-256. */
export const sha256Text = bytesText(32);

/** Text of at most so many bytes as JSON writes it: so that what it stands in fits into the size it is padded to. */
export const shortText = (bytes: number) =>
  z
    .string()
    .max(bytes)
    .refine((text) => Buffer.byteLength(JSON.stringify(text)) - 2 <= bytes, `must be at most ${bytes} bytes`);

const jwsUpTo = (most: number) =>
  z
    .string()
    .max(most)
    .regex(/^[\w-]+\.[\w-]+\.[\w-]+$/, 'must be a compact JWS');

/** A compact JWS: three base64url segments; its content is checked by whoever verifies it. */
export const compactJws = jwsUpTo(64 * 1024);

/** One that names each party of a mesh, of which there may be 2,000. */
export const longJws = jwsUpTo(512 * 1024);

/** A compact JWE: five base64url segments; its content is opaque to everyone but the one it is sealed to. */
export const compactJwe = z
  .string()
  .max(64 * 1024)
  .regex(/^[\w-]+\.[\w-]+\.[\w-]+\.[\w-]+\.[\w-]+$/, 'must be a compact JWE');

/** Milliseconds since 1970, whole. */
export const instant = z.int().min(0).max(8_640_000_000_000_000);
