// Private keys as files: PKCS #8 PEM, mode 0600. A key that others may read is not used.
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { rawPublicKey, thumbprint, type PrivateKey } from '@anonymesh/protocol';

export type Curve = 'Ed25519' | 'X25519';

/** Generates a private key. */
export function newKey(curve: Curve): PrivateKey {
  const { privateKey } = curve === 'Ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('x25519');
  return withId(curve, privateKey);
}

/** Writes a private key where there is none yet, readable by its owner only. */
export function writeKeyFile(file: string, { key }: PrivateKey): void {
  writeFileSync(file, key.export({ format: 'pem', type: 'pkcs8' }), { mode: 0o600, flag: 'wx' });
}

/** Reads a private key. Throws, naming the file, where it is missing, readable by others, no key or of another curve. */
export function readKeyFile(file: string, curve: Curve): PrivateKey {
  const found = readAnyKeyFile(file);
  if (found.curve !== curve) throw new Error(`${file}: not an ${curve} key`);
  return found.key;
}

/** As `readKeyFile`, whichever of the two curves the key is of. */
export function readAnyKeyFile(file: string): { readonly curve: Curve; readonly key: PrivateKey } {
  if ((statSync(file).mode & 0o077) !== 0) throw new Error(`${file}: others may read this key: chmod 600`);
  const key = parseKey(file);
  const curve = (['Ed25519', 'X25519'] as const).find((each) => each.toLowerCase() === key.asymmetricKeyType);
  if (curve === undefined) throw new Error(`${file}: neither an Ed25519 nor an X25519 key`);
  return { curve, key: withId(curve, key) };
}

function parseKey(file: string): KeyObject {
  const pem = readFileSync(file);
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    throw new Error(`${file}: not a private key`, { cause });
  }
}

/** The 32 raw bytes of the public half. */
export function publicBytes({ key }: PrivateKey): Buffer {
  return rawPublicKey(createPublicKey(key));
}

function withId(curve: Curve, key: KeyObject): PrivateKey {
  return { kid: thumbprint(curve, rawPublicKey(createPublicKey(key))), key };
}
