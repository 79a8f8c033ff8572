// A party's own private keys, as its node uses them. The identity key is not among them: it stays offline.
import type { PartyId, PrivateKey, SigningKey } from '@anonymesh/protocol';
import { hkdfSync } from 'node:crypto';
import { z } from 'zod';
import type { Directory } from './directory.js';
import { readKeyFile } from './key-file.js';
import { inUse, isRevoked } from './published-keys.js';
import { openSigningKeys, type SigningKeys } from './signing-keys.js';
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
  readonly signing: SigningKey;
  readonly sealing: (kid: string) => PrivateKey | undefined;
  readonly mask: (kid: string) => PrivateKey | undefined;
  /** 32 bytes that this party alone knows, one for each purpose, the same in all copies of its node. */
  readonly secret: (purpose: string) => Buffer;
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

/** Throws, naming the file, where one cannot be used. Without `published` the key in the config signs. */
export function openKeyring(config: KeyringConfig, published?: Published): OpenKeyring {
  let keys = readKeys(config);
  return {
    get signing() {
      return signingKey(keys.signing, published, Date.now());
    },
    sealing: (kid) => keys.sealing.get(kid),
    mask: (kid) => keys.mask.get(kid),
    secret: (purpose) => secretFrom(keys.first, purpose),
    reload: () => {
      keys = readKeys(config);
    },
  };
}

/** By HKDF-SHA256 (RFC 5869), from a key that opens: one that signs may be where nothing can be derived from it. */
export function secretFrom({ key }: PrivateKey, purpose: string): Buffer {
  const secret = Buffer.from(key.export({ format: 'jwk' }).d ?? '', 'base64url');
  return Buffer.from(hkdfSync('sha256', secret, '', purpose, 32));
}

function readKeys({ signing, sealing, mask }: KeyringConfig) {
  const byId = (files: readonly string[]) => {
    const read = files.flatMap((file) => withSuccessors(file)).map((file) => readKeyFile(file, 'X25519'));
    return new Map(read.map((key) => [key.kid, key]));
  };
  const [first = ''] = sealing;
  return {
    signing: openSigningKeys(signing),
    first: readKeyFile(first, 'X25519'),
    sealing: byId(sealing),
    mask: byId(mask),
  };
}

function signingKey({ configured, all }: SigningKeys, published: Published | undefined, now: number): SigningKey {
  const own = published?.directory.parties.get(published.id)?.signing ?? [];
  const found = inUse(own, now);
  const here = inUse(
    own.filter(({ kid }) => all.has(kid)),
    now,
  );
  const key = here === undefined ? undefined : all.get(here.kid);
  if (key !== undefined) return key;
  // A key that the directory does not have is refused by everybody, which the doctor tells; a stolen one must not sign.
  if (isRevoked({ revokedAt: published?.directory.revokedAt(configured.kid) }, now))
    throw new Error(found === undefined ? 'the signing key is revoked' : 'the signing key in force is not here');
  return configured;
}
