import { describe, expect, it } from '@jest/globals';
import sodium from 'libsodium-wrappers-sumo';
import { randomBytes } from 'node:crypto';
import { deriveScalars } from '../scalars.js';
import { openSodium } from './sodium.js';

describe('the memory of libsodium, after a batch', () => {
  const memory = () => Buffer.from((sodium as unknown as { libsodium: { HEAPU8: Uint8Array } }).libsodium.HEAPU8);
  const { key } = deriveScalars(randomBytes(32), '00'.repeat(16));

  it('holds neither the scalar nor the inputs nor the results, also after a bad point', async () => {
    const engine = await openSodium();
    const uniform = randomBytes(64 * 300);
    const points = engine?.hashAndMultiply(uniform, key) ?? new Uint8Array();
    engine?.multiply(points, key);
    const spoiled = Buffer.concat([points.subarray(0, 64), new Uint8Array(32)]);
    expect(() => engine?.multiply(spoiled, key)).toThrow('no canonical point');
    const secrets = [key, key.subarray(16), uniform.subarray(0, 32), uniform.subarray(-32), points.subarray(-32)];
    expect(secrets.map((secret) => memory().indexOf(secret))).toEqual([-1, -1, -1, -1, -1]);
  });
});
