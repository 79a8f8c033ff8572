// A party's own entry: its public keys under its identity's signature. Nobody else can make or change it.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { base64url, directoryEntry, type DirectoryEntry, type PartyKind } from '@anonymesh/protocol';
import { publicBytes, readKeyFile, signEntry, type Curve, type OwnKey } from '@anonymesh/trust';
import { z } from 'zod';
import { brokerKeyIn } from '../keys/public-halves.js';
import { named, No } from '../telling/no.js';

export interface EntryOptions {
  readonly id: string;
  readonly kind: PartyKind;
  readonly name: string;
  readonly keys: string;
  readonly serial: string;
  readonly days: string;
  readonly out: string;
}

const day = 86_400_000;
/** Clocks differ: what was signed just now is valid everywhere at once. */
const early = 3_600_000;

export async function signOwnEntry(options: EntryOptions): Promise<{ entry: DirectoryEntry; fingerprint: string }> {
  const { id, kind, name, keys, out } = options;
  const read = <Of extends Curve>(file: string, curve: Of) =>
    named(() => readKeyFile(join(keys, `${file}.pem`), curve));
  const identity = read('identity', 'Ed25519');
  const now = Date.now();
  const publish = (key: OwnKey) => ({
    kid: key.kid,
    key: base64url(publicBytes(key)),
    from: now - early,
    until: now + Number(options.days) * day,
  });
  const parsed = directoryEntry.safeParse({
    type: 'anonymesh/entry/v1',
    id,
    kind,
    name,
    serial: Number(options.serial),
    identity: base64url(publicBytes(identity)),
    signing: [publish(read('signing', 'Ed25519'))],
    sealing: [publish(read('sealing', 'X25519'))],
    mask: kind === 'holder' ? [publish(read('mask', 'X25519'))] : [],
    broker: brokerKeyIn(join(keys, 'broker.seed')),
  });
  if (!parsed.success)
    throw new No('usage', ['the entry would not be valid:', ...z.prettifyError(parsed.error).split('\n')]);
  const jws = await signEntry(parsed.data, identity);
  named(() => writeFileSync(out, `${jws}\n`, { flag: 'wx' }));
  return { entry: parsed.data, fingerprint: identity.kid };
}
