// Private keys of certificates as PEM (PKCS #8), to Web Crypto and back.
import { createPrivateKey, webcrypto } from 'node:crypto';
import { algorithm, PemConverter } from './x509.js';

export async function privateKeyPem(key: webcrypto.CryptoKey): Promise<string> {
  return `${PemConverter.encode(await crypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY')}\n`;
}

/** Throws where it is no P-256 key. The error's message holds nothing of it. */
export async function readPrivateKey(pem: string): Promise<webcrypto.CryptoKey> {
  try {
    const der = createPrivateKey(pem).export({ format: 'der', type: 'pkcs8' });
    return await webcrypto.subtle.importKey('pkcs8', der, algorithm, false, ['sign']);
  } catch (cause) {
    throw new Error('not a private key of the curve P-256', { cause });
  }
}
