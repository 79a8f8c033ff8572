// Seals text (JWE, AES-256-GCM) under a key that only this app has, and opens what it sealed itself.
import { CompactEncrypt, compactDecrypt, errors } from 'jose';

export async function seal(text: string, key: Uint8Array): Promise<string> {
  const header = { alg: 'dir', enc: 'A256GCM' };
  return new CompactEncrypt(new TextEncoder().encode(text)).setProtectedHeader(header).encrypt(key);
}

/** Undefined for what was not sealed under this key. */
export async function unseal(sealed: string, key: Uint8Array): Promise<string | undefined> {
  try {
    const algorithms = { keyManagementAlgorithms: ['dir'], contentEncryptionAlgorithms: ['A256GCM'] };
    const { plaintext } = await compactDecrypt(sealed, key, algorithms);
    return new TextDecoder().decode(plaintext);
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}
