import { ristretto255 } from '@noble/curves/ed25519.js';
import { bytesToNumberLE } from '@noble/curves/utils.js';
import { describe, expect, it } from '@jest/globals';
import { createHmac, randomBytes } from 'node:crypto';
import { requireScalar } from './engine.js';
import { chooseEngine } from './engines/choose.js';
import { multiples } from './rfc9496-vectors.js';
import { deriveScalars } from './scalars.js';

const { Fn } = ristretto255.Point;
const queryId = '000102030405060708090a0b0c0d0e0f';
const seed = Buffer.alloc(32, 7);

describe('the scalars of a query', () => {
  it('come by HKDF with SHA-512, modulo ℓ − 1, plus 1', () => {
    const hmac = (key: Uint8Array, ...parts: Uint8Array[]) =>
      createHmac('sha512', key).update(Buffer.concat(parts)).digest();
    const label = (text: string) => Buffer.concat([Buffer.from([0, 0, 0, text.length]), Buffer.from(text)]);
    const { key, blind } = deriveScalars(seed, queryId);
    for (const [scalar, name] of [
      [key, 'key'],
      [blind, 'blind'],
    ] as const) {
      const info = Buffer.concat([label('anonymesh/psi/scalar/v1'), label(name), Buffer.from([1])]);
      const wide = bytesToNumberLE(hmac(hmac(Buffer.from(queryId, 'hex'), seed), info));
      expect(bytesToNumberLE(scalar)).toBe((wide % (Fn.ORDER - 1n)) + 1n);
    }
  });

  it('are the same from the same seed, and others for another seed or query', () => {
    const keyOf = (from: Uint8Array, query: string) => Buffer.from(deriveScalars(from, query).key).toString('hex');
    expect(keyOf(seed, queryId)).toBe(keyOf(seed, queryId));
    expect(keyOf(randomBytes(32), queryId)).not.toBe(keyOf(seed, queryId));
    expect(keyOf(seed, queryId.replace('0f', '0e'))).not.toBe(keyOf(seed, queryId));
  });

  it('take the blind off, and put the key on, in one multiplication', async () => {
    const engine = await chooseEngine();
    const points = Buffer.concat(multiples.slice(1));
    const { key, blind, finish } = deriveScalars(randomBytes(32), queryId);
    const hidden = engine.multiply(points, blind);
    expect(Buffer.compare(engine.multiply(hidden, finish), engine.multiply(points, key))).toBe(0);
  });

  it.each([
    ['a seed that is too short', Buffer.alloc(31), queryId],
    ['a seed that is too long', Buffer.alloc(33), queryId],
    ['a query ID that is too short', seed, queryId.slice(2)],
    ['a query ID that is not hexadecimal', seed, `g${queryId.slice(1)}`],
    ['no query ID', seed, ''],
  ])('do not come from %s', (_, from, query) => {
    expect(() => deriveScalars(from, query)).toThrow(RangeError);
  });
});

describe('a scalar', () => {
  const littleEndian = (value: bigint) => Buffer.from(value.toString(16).padStart(64, '0'), 'hex').reverse();

  it.each([1n, 2n, 255n, 256n, Fn.ORDER - 1n])('may be %s', (value) => {
    expect(() => requireScalar(littleEndian(value))).not.toThrow();
  });

  it.each([0n, Fn.ORDER, Fn.ORDER + 1n, Fn.ORDER * 2n, 2n ** 255n, 2n ** 256n - 1n])('may not be %s', (value) => {
    expect(() => requireScalar(littleEndian(value))).toThrow(RangeError);
  });

  it.each([0, 31, 33, 64])('may not have %i bytes', (length) => {
    expect(() => requireScalar(Buffer.alloc(length, 1))).toThrow(RangeError);
  });
});
