// A party's own private keys, as its node uses them. The identity key is not among them: it stays offline.
import type { PartyId, PrivateKey } from '@anonymesh/protocol';
import { z } from 'zod';
import type { Directory } from './directory.js';
import { readKeyFile, type Curve } from './key-file.js';
import { inUse, isRevoked } from './published-keys.js';
import { withSuccessors } from './successors.js';

const path = z.string().min(1);

/** Paths of the key files. Beside each of them may lie its successors. */
export const keyringConfig = z.strictObject({
  signing: path,
  sealing: z.array(path).min(1).max(8),
  mask: z.array(path).max(8).default([]),
});
export type KeyringConfig = z.infer<typeof keyringConfig>;

export interface Keyring {
  /** To sign with now. Throws where that key is revoked: nobody would believe it. */
  readonly signing: PrivateKey;
  readonly sealing: (kid: string) => PrivateKey | undefined;
  readonly mask: (kid: string) => PrivateKey | undefined;
}

export interface OpenKeyring extends Keyring {
  /** Reads the files again. Throws, naming the file, where one cannot be used; then nothing has changed. */
  readonly reload: () => void;
}

/** Whose keys they are, and where it is published which of them are in force. */
export interface Published {
  readonly id: PartyId;
  readonly directory: Directory;
}

/** Throws, naming the file, where one cannot be used. Without `published` the file in the config signs. */
export function openKeyring(config: KeyringConfig, published?: Published): OpenKeyring {
  let keys = readKeys(config);
  return {
    get signing() {
      return signingKey(keys, published, Date.now());
    },
    sealing: (kid) => keys.sealing.get(kid),
    mask: (kid) => keys.mask.get(kid),
    reload: () => {
      keys = readKeys(config);
    },
  };
}

type Keys = ReturnType<typeof readKeys>;

function readKeys({ signing, sealing, mask }: KeyringConfig) {
  const byId = (files: readonly string[], curve: Curve) => {
    const read = files.flatMap((file) => withSuccessors(file)).map((file) => readKeyFile(file, curve));
    return new Map(read.map((key) => [key.kid, key]));
  };
  return {
    configured: readKeyFile(signing, 'Ed25519'),
    signing: byId([signing], 'Ed25519'),
    sealing: byId(sealing, 'X25519'),
    mask: byId(mask, 'X25519'),
  };
}

function signingKey({ configured, signing }: Keys, published: Published | undefined, now: number): PrivateKey {
  const own = published?.directory.parties.get(published.id)?.signing ?? [];
  const found = inUse(own, now);
  const here = inUse(
    own.filter(({ kid }) => signing.has(kid)),
    now,
  );
  const key = here === undefined ? undefined : signing.get(here.kid);
  if (key !== undefined) return key;
  // A key that the directory does not have is refused by everybody, which the doctor tells; a stolen one must not sign.
  if (isRevoked({ revokedAt: published?.directory.revokedAt(configured.kid) }, now))
    throw new Error(found === undefined ? 'the signing key is revoked' : 'the signing key in force is not here');
  return configured;
}
