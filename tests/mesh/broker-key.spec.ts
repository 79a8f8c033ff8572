import { describe, expect, it } from '@jest/globals';
import { fromPublic, fromSeed } from '@nats-io/nkeys';
import { newBrokerKey } from './broker-key.js';

describe('a key for the broker', () => {
  it('is one that the broker’s own package makes of the seed', () => {
    const { publicKey, seed } = newBrokerKey();
    const pair = fromSeed(seed);
    expect(pair.getPublicKey()).toBe(publicKey);
    const text = Buffer.from('nonce');
    expect(fromPublic(publicKey).verify(text, pair.sign(text))).toBe(true);
  });
});
