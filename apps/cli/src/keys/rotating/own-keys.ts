// A party's own keys, as its node's config names them, beside what the directory says of them.
import { dirname, resolve } from 'node:path';
import { partyId, type DirectoryEntry, type PartyId } from '@anonymesh/protocol';
import { keyringConfig, readKeyFile, readYaml, withSuccessors, type Directory } from '@anonymesh/trust';
import { z } from 'zod';
import { readVerified } from '../../directory/read-verified.js';
import { named, No } from '../../telling/no.js';
import type { KindOfKey } from './next-entry.js';

export interface OwnKeys {
  readonly party: PartyId;
  readonly directory: Directory;
  /** As it is published now. */
  readonly entry: DirectoryEntry;
  readonly fingerprint: string;
  /** By kind: the files that the config names, each with its successors. */
  readonly files: Readonly<Record<KindOfKey, readonly KeyFile[]>>;
}

export interface KeyFile {
  /** As the config names it. */
  readonly configured: string;
  readonly file: string;
  readonly kid: string;
}

/** Throws where the directory's entry of this party does not have the keys of this config. */
export function readOwnKeys(config: string): OwnKeys {
  const { party, keys } = named(() => readYaml(config, z.object({ party: partyId, keys: keyringConfig })));
  const { directory } = readVerified({ config });
  const found = directory.parties.get(party);
  if (found === undefined)
    throw new No('refused', `${party} is not in the directory: its first entry is made by mesh directory sign`);
  const { fingerprint, ...entry } = found;
  const read = (paths: readonly string[], curve: 'Ed25519' | 'X25519') =>
    paths
      .map((path) => resolve(dirname(config), path))
      .flatMap((configured) =>
        named(() =>
          withSuccessors(configured).map((file) => ({ configured, file, kid: readKeyFile(file, curve).kid })),
        ),
      );
  const files = {
    signing: read([keys.signing], 'Ed25519'),
    sealing: read(keys.sealing, 'X25519'),
    mask: read(keys.mask, 'X25519'),
  };
  if (!files.signing.some(({ kid }) => entry.signing.some((key) => key.kid === kid)))
    throw new No('refused', `${config}: the directory has none of these signing keys: it is another party’s config`);
  return { party, directory, entry, fingerprint, files };
}
