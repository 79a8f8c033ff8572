// Private keys as files: PKCS #8 PEM, mode 0600. A key that others may read is not used.
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { linkSync, readFileSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { rawPublicKey, signingKeyHere, thumbprint, type PrivateKey, type SigningKey } from '@anonymesh/protocol';

/** What a key of either curve is good for: Ed25519 signs, X25519 opens. */
interface KeyOf {
  readonly Ed25519: SigningKey;
  readonly X25519: PrivateKey;
}
export type Curve = keyof KeyOf;
export type OwnKey = KeyOf[Curve];

/** A key that is in no file yet. */
export interface NewKey {
  /** PKCS #8. */
  readonly pem: string;
}

/** Generates a private key. */
export function newKey<Of extends Curve>(curve: Of): KeyOf[Of] & NewKey {
  const { privateKey } = curve === 'Ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('x25519');
  return { ...keyOf(curve, privateKey), pem: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString() };
}

/** Writes a private key where there is none yet, readable by its owner only. It appears whole: a node may be watching. */
export function writeKeyFile(file: string, { pem }: NewKey): void {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, pem, { mode: 0o600, flag: 'wx' });
  try {
    linkSync(draft, file);
  } finally {
    unlinkSync(draft);
  }
}

/** Reads a private key. Throws, naming the file, where it is missing, readable by others, no key or of another curve. */
export function readKeyFile<Of extends Curve>(file: string, curve: Of): KeyOf[Of] {
  const { curve: found, key } = parseKey(file);
  if (found !== curve) throw new Error(`${file}: not an ${curve} key`);
  return keyOf(curve, key);
}

/** As `readKeyFile`, whichever of the two curves the key is of. */
export function readAnyKeyFile(file: string): { readonly curve: Curve; readonly key: OwnKey } {
  const { curve, key } = parseKey(file);
  return { curve, key: keyOf(curve, key) };
}

function parseKey(file: string): { readonly curve: Curve; readonly key: KeyObject } {
  if ((statSync(file).mode & 0o077) !== 0) throw new Error(`${file}: others may read this key: chmod 600`);
  const key = readPem(file);
  const curve = (['Ed25519', 'X25519'] as const).find((each) => each.toLowerCase() === key.asymmetricKeyType);
  if (curve === undefined) throw new Error(`${file}: neither an Ed25519 nor an X25519 key`);
  return { curve, key };
}

function readPem(file: string): KeyObject {
  const pem = readFileSync(file);
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    throw new Error(`${file}: not a private key`, { cause });
  }
}

/** The 32 raw bytes of the public half. */
export function publicBytes(key: OwnKey): Buffer {
  return rawPublicKey('key' in key ? createPublicKey(key.key) : key.publicKey);
}

function keyOf<Of extends Curve>(curve: Of, key: KeyObject): KeyOf[Of];
function keyOf(curve: Curve, key: KeyObject): OwnKey {
  if (curve === 'Ed25519') return signingKeyHere(key);
  return { kid: thumbprint(curve, rawPublicKey(createPublicKey(key))), key };
}
