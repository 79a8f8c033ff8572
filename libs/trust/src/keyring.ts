// A party's own private keys, as its node uses them. The identity key is not among them: it stays offline.
import type { PrivateKey } from '@anonymesh/protocol';
import { z } from 'zod';
import { readKeyFile } from './key-file.js';

const path = z.string().min(1);

/** Paths of the key files. The first of a kind signs and seals; the others still open. */
export const keyringConfig = z.strictObject({
  signing: path,
  sealing: z.array(path).min(1).max(8),
  mask: z.array(path).max(8).default([]),
});
export type KeyringConfig = z.infer<typeof keyringConfig>;

export interface Keyring {
  readonly signing: PrivateKey;
  readonly sealing: (kid: string) => PrivateKey | undefined;
  readonly mask: (kid: string) => PrivateKey | undefined;
}

export function openKeyring(config: KeyringConfig): Keyring {
  const byId = (files: readonly string[]) => {
    const keys = new Map(files.map((file) => readKeyFile(file, 'X25519')).map((key) => [key.kid, key]));
    return (kid: string) => keys.get(kid);
  };
  return {
    signing: readKeyFile(config.signing, 'Ed25519'),
    sealing: byId(config.sealing),
    mask: byId(config.mask),
  };
}
