// Fresh keys as files. The identity key is one of them; whoever keeps it should take it off the machine afterwards.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { base64url, type PartyKind } from '@anonymesh/protocol';
import { newKey, publicBytes, readKeyFile, writeKeyFile, type Curve } from '@anonymesh/trust';
import { createUser } from '@nats-io/nkeys';
import { named, No } from '../telling/no.js';

export interface MadeKey {
  readonly name: string;
  readonly file: string;
  /** Thumbprint of the public half; of the broker's key that public half itself. */
  readonly id: string;
}

export function makePartyKeys(folder: string, kind: PartyKind | undefined): MadeKey[] {
  if (kind === undefined) throw new No('usage', 'say --kind, what the party is in the mesh, or --person');
  makeFolder(folder);
  const made = [
    makeKey(folder, 'identity', 'Ed25519'),
    makeKey(folder, 'signing', 'Ed25519'),
    makeKey(folder, 'sealing', 'X25519'),
    ...(kind === 'holder' ? [makeKey(folder, 'mask', 'X25519')] : []),
  ];
  const broker = createUser();
  const file = join(folder, 'broker.seed');
  named(() => writeFileSync(file, broker.getSeed(), { mode: 0o600, flag: 'wx' }));
  return [...made, { name: 'broker', file, id: broker.getPublicKey() }];
}

export function makePersonKey(folder: string, name: string): MadeKey[] {
  if (!/^[A-Za-z0-9][\w.-]{0,62}$/.test(name)) throw new No('usage', 'the name is to be the name of a file');
  makeFolder(folder);
  return [makeKey(folder, name, 'Ed25519')];
}

/** The one key of somebody who is no party, with its public half, which others name. */
export type LoneKey = MadeKey & { readonly publicKey: string };

/** Agreements name it. */
export function makeAuditorKey(folder: string): LoneKey {
  return makeLoneKey(folder, 'auditor', 'X25519');
}

/** Every config names it. */
export function makeOperatorKey(folder: string): LoneKey {
  return makeLoneKey(folder, 'operator', 'Ed25519');
}

function makeLoneKey(folder: string, name: string, curve: Curve): LoneKey {
  makeFolder(folder);
  const made = makeKey(folder, name, curve);
  return { ...made, publicKey: base64url(publicBytes(readKeyFile(made.file, curve))) };
}

function makeFolder(folder: string): void {
  named(() => mkdirSync(folder, { recursive: true, mode: 0o700 }));
}

function makeKey(folder: string, name: string, curve: Curve): MadeKey {
  const key = newKey(curve);
  const file = join(folder, `${name}.pem`);
  named(() => writeKeyFile(file, key));
  return { name, file, id: key.kid };
}
