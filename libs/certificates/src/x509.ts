// The X.509 library. It needs its polyfill before anything of it is loaded, hence this one way in; and its keys are those
// of Web Crypto: elliptic curve P-256, which every TLS library knows.
import type { webcrypto } from 'node:crypto';
import 'reflect-metadata';

export * from '@peculiar/x509';

export const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** To verify with: of a certificate or a request. */
export function publicKeyOf({ publicKey }: { readonly publicKey: { readonly rawData: ArrayBuffer } }) {
  return crypto.subtle.importKey('spki', publicKey.rawData, algorithm, true, ['verify']);
}

export function newPair(): Promise<webcrypto.CryptoKeyPair> {
  return crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}
