// A party's key for the broker. The package that encodes it makes keys in plain JavaScript, which under Jest takes longer
// than all else that a mesh on paper needs; Node makes this one.
import { Prefix } from '@nats-io/nkeys';
import { Codec } from '@nats-io/nkeys/lib/codec.js';
import { generateKeyPairSync } from 'node:crypto';

export interface BrokerKey {
  readonly publicKey: string;
  readonly seed: Uint8Array;
}

export function newBrokerKey(): BrokerKey {
  const { d = '', x = '' } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  const [seed, key] = [d, x].map((text) => new Uint8Array(Buffer.from(text, 'base64url')));
  if (seed === undefined || key === undefined) throw new Error('no key');
  const publicKey = new TextDecoder().decode(Codec.encode(Prefix.User, key));
  return { publicKey, seed: Codec.encodeSeed(Prefix.User, seed) };
}
