// Commitments: an entry binds its party to words without saying them. Who has the entry's salt can show which words they
// were; once the salt is erased nobody can, nor try out which they might have been, and the log stays as it is.
import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto';

export const saltBytes = 16;
const label = 'anonymesh/evidence/words/v1';

/** HMAC-SHA256 under the salt: 32 bytes. */
export function commit(salt: Uint8Array, words: Uint8Array | string): Buffer {
  // With the salt as bytes, Node takes five times as long.
  return createHmac('sha256', createSecretKey(salt)).update(`${label}\n`).update(words).digest();
}

/** Whether these are the words. */
export function opens(commitment: Uint8Array, salt: Uint8Array, words: Uint8Array | string): boolean {
  if (salt.length !== saltBytes || commitment.length !== 32) return false;
  return timingSafeEqual(commitment, commit(salt, words));
}
