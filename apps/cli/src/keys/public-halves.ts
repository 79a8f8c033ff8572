// The public halves of key files.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { base64url } from '@anonymesh/protocol';
import { publicBytes, readAnyKeyFile } from '@anonymesh/trust';
import { fromSeed } from '@nats-io/nkeys';
import { named, No } from '../telling/no.js';

export interface PublicHalf {
  readonly file: string;
  readonly curve: 'Ed25519' | 'X25519' | 'nkey';
  /** RFC 7638 thumbprint: the fingerprint of an identity key. */
  readonly id: string;
  /** base64url of the raw bytes; of the broker's key its public nkey. */
  readonly publicKey: string;
}

/** Of one file, or of all `*.pem` and `*.seed` in a folder. */
export function readPublicHalves(path: string): PublicHalf[] {
  const isFolder = named(() => statSync(path).isDirectory());
  if (!isFolder) return [readPublicHalf(path)];
  const files = readdirSync(path).filter((file) => /\.(pem|seed)$/.test(file));
  if (files.length === 0) throw new No('usage', `${path}: no key in it (*.pem, *.seed)`);
  return files.sort().map((file) => readPublicHalf(join(path, file)));
}

function readPublicHalf(file: string): PublicHalf {
  if (file.endsWith('.seed')) {
    const id = brokerKeyIn(file);
    return { file, curve: 'nkey', id, publicKey: id };
  }
  const { curve, key } = named(() => readAnyKeyFile(file));
  return { file, curve, id: key.kid, publicKey: base64url(publicBytes(key)) };
}

/** The public nkey of a broker account, from its seed. */
export function brokerKeyIn(file: string): string {
  const seed = named(() => readFileSync(file));
  try {
    return fromSeed(seed).getPublicKey();
  } catch (cause) {
    throw new No('usage', `${file}: not the seed of an nkey`, { cause });
  }
}
