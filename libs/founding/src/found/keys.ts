// Fresh keys for one party, written to files that only their owner can read.
import { mkdir, writeFile } from 'node:fs/promises';
import { newKey, publicBytes, writeKeyFile, type Curve, type OwnKey } from '@anonymesh/trust';
import { base64url, type DirectoryEntry, type PrivateKey, type SigningKey } from '@anonymesh/protocol';
import { createUser } from '@nats-io/nkeys';
import type { SandboxParty } from './parties.js';
import { placesOf, type Places } from './places.js';

export interface PartyKeys {
  /** In production this one stays offline. */
  readonly identity: SigningKey;
  readonly entry: DirectoryEntry;
}

const lifetime = 365 * 86_400_000;

export async function makeKeys(party: SandboxParty, places: Places, name: string): Promise<PartyKeys> {
  await mkdir(places.keys, { recursive: true, mode: 0o700 });
  const make = <Of extends Curve>(file: string, curve: Of) => {
    const key = newKey(curve);
    writeKeyFile(places.key(file), key);
    return key;
  };
  const identity = make('identity', 'Ed25519');
  const signing = make('signing', 'Ed25519');
  const sealing = make('sealing', 'X25519');
  const mask = party.kind === 'holder' ? [make('mask', 'X25519')] : [];
  const broker = createUser();
  await writeFile(places.brokerSeed, broker.getSeed(), { mode: 0o600, flag: 'wx' });
  const now = Date.now();
  const publish = (key: OwnKey) => ({
    kid: key.kid,
    key: base64url(publicBytes(key)),
    from: now - 60_000,
    until: now + lifetime,
  });
  const entry: DirectoryEntry = {
    type: 'anonymesh/entry/v1',
    id: party.id,
    kind: party.kind,
    name,
    serial: 1,
    identity: base64url(publicBytes(identity)),
    signing: [publish(signing)],
    sealing: [publish(sealing)],
    mask: mask.map(publish),
    broker: broker.getPublicKey(),
  };
  return { identity, entry };
}

/** The auditor is no party: it has this key, and no node. In production no part of the mesh ever has it. */
export async function makeAuditorKey(dir: string): Promise<PrivateKey> {
  const { keys, key: fileOf } = placesOf(dir, 'auditor');
  await mkdir(keys, { recursive: true, mode: 0o700 });
  const key = newKey('X25519');
  writeKeyFile(fileOf('auditor'), key);
  return key;
}
