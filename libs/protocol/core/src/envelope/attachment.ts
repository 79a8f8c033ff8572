// One chunk of something big that travels beside a letter, encrypted under a key that the sealed letter holds. The broker
// learns its length, which follows from what was agreed, and nothing else (docs/protocol.md section 2).
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { lengthPrefixed, sha256Of } from '../canonical.js';
import { base64url, bytesText, sha256Text } from '../encodings.js';

/** What the signed letter says of its attachment. */
export const attachedClaims = z.strictObject({
  /** Of the ciphertext with its tag. */
  sha256: sha256Text,
  key: bytesText(32),
  chunk: z.int().min(0).max(0xffff_ffff),
  /** Of the plaintext. */
  bytes: z.int().min(0).max(0xffff_ffff),
});
export type AttachedClaims = z.infer<typeof attachedClaims>;

/** A chunk and its number, from 0. */
export interface Attachment {
  readonly attachment: Uint8Array;
  readonly chunk: number;
}

const tagBytes = 16;

/** Encrypts a chunk under a fresh key. Throws where the number of the chunk is none. */
export function sealAttachment(
  { attachment, chunk }: Attachment,
  letterId: string,
): { readonly claims: AttachedClaims; readonly sealed: Buffer } {
  const key = randomBytes(32);
  const cipher = createCipheriv('aes-256-gcm', key, nonceOf(chunk));
  cipher.setAAD(boundTo(letterId, chunk));
  const sealed = Buffer.concat([cipher.update(attachment), cipher.final(), cipher.getAuthTag()]);
  const claims = { sha256: sha256Of(sealed), key: base64url(key), chunk, bytes: attachment.length };
  return { claims: attachedClaims.parse(claims), sealed };
}

/** The chunk, or undefined where it is not the one that the letter names. Nothing is decrypted before its hash fits. */
export function openAttachment(sealed: Uint8Array, claims: AttachedClaims, letterId: string): Buffer | undefined {
  const { sha256, key, chunk, bytes } = claims;
  if (sealed.length !== bytes + tagBytes || sha256Of(sealed) !== sha256) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', Buffer.from(key, 'base64url'), nonceOf(chunk));
  decipher.setAAD(boundTo(letterId, chunk));
  decipher.setAuthTag(sealed.subarray(bytes));
  const opened = decipher.update(sealed.subarray(0, bytes));
  try {
    decipher.final(); // it has no bytes left, and throws where the tag does not fit
    return opened;
  } catch {
    // The sender's own doing, for the hash that it signed fits: to it all that is wrong with a chunk is one.
    return undefined;
  }
}

/** Bytes that travel for so many. */
export function sealedAttachmentBytes(bytes: number): number {
  return bytes + tagBytes;
}

function nonceOf(chunk: number): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt32BE(chunk, 8);
  return nonce;
}

function boundTo(letterId: string, chunk: number): Buffer {
  return lengthPrefixed('anonymesh/attachment/v1', letterId, String(chunk));
}
