import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { randomBytes } from 'node:crypto';
import { BadPoint, type Engine } from '../engine.js';
import { badEncodings, derivations, multiples } from '../rfc9496-vectors.js';
import { deriveScalars } from '../scalars.js';
import { chooseEngine, enginesHere } from './choose.js';
import { openNoble } from './noble.js';

const oracle = openNoble();
const small = (value: number) => Buffer.concat([Buffer.from([value]), Buffer.alloc(31)]);
/** ℓ - 1: times it, a point is its own negative. */
const lessOne = Buffer.from('ecd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010', 'hex');
const anyScalar = () => deriveScalars(randomBytes(32), '00'.repeat(16)).key;
const anyPoints = (count: number) => oracle.hash(randomBytes(count * 64));

function badPointOf(engine: Engine, points: Uint8Array): number | undefined {
  try {
    engine.multiply(points, small(3));
    return undefined;
  } catch (cause) {
    if (cause instanceof BadPoint) return cause.index;
    throw cause;
  }
}

describe.each(await enginesHere())('the engine %s', (name) => {
  let engine: Engine;
  const opened = async () => (engine ??= await chooseEngine(name));

  it('says its name', async () => {
    expect((await opened()).name).toBe(name);
  });

  it('gives the multiples of the generator (RFC 9496, appendix A.1)', async () => {
    const [, generator = new Uint8Array()] = multiples;
    for (const [factor, right] of multiples.entries()) {
      if (factor === 0) continue;
      expect(Buffer.compare((await opened()).multiply(generator, small(factor)), right)).toBe(0);
    }
  });

  it('refuses each encoding of RFC 9496, appendix A.2, and the identity', async () => {
    const { length } = badEncodings;
    expect(length).toBe(29);
    for (const bad of [...badEncodings, new Uint8Array(32)]) expect(badPointOf(await opened(), bad)).toBe(0);
  });

  it('derives the points of RFC 9496, appendix A.3', async () => {
    const inputs = Buffer.concat(derivations.map(([input]) => input));
    const outputs = Buffer.concat(derivations.map(([, output]) => output));
    expect(Buffer.compare((await opened()).hash(inputs), outputs)).toBe(0);
  });

  it('computes what the oracle computes, for any scalar, batch and uniform bytes', async () => {
    await opened();
    const batch = fc.array(fc.uint8Array({ minLength: 64, maxLength: 64 }), { maxLength: 5 });
    const seed = fc.uint8Array({ minLength: 32, maxLength: 32 });
    fc.assert(
      fc.property(batch, seed, (inputs, from) => {
        const { key } = deriveScalars(from, '00'.repeat(16));
        const uniform = Buffer.concat(inputs);
        const points = oracle.hash(uniform);
        const products = oracle.multiply(points, key);
        expect(Buffer.compare(engine.hash(uniform), points)).toBe(0);
        expect(Buffer.compare(engine.multiply(points, key), products)).toBe(0);
        expect(Buffer.compare(engine.hashAndMultiply(uniform, key), products)).toBe(0);
      }),
      { numRuns: 25 },
    );
  });

  it('refuses what the oracle refuses, of any bytes and of points with a bit changed', async () => {
    await opened();
    const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 });
    const changed = fc.nat({ max: 255 }).map((bit) => {
      const point = anyPoints(1);
      point[bit >> 3] = (point[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      return point;
    });
    const agree = (point: Uint8Array) => expect(badPointOf(engine, point)).toBe(badPointOf(oracle, point));
    fc.assert(fc.property(fc.oneof(bytes, changed), agree), { numRuns: 150 });
  });

  it('names the first bad point of a batch', async () => {
    const points = Buffer.from(anyPoints(9));
    points.set(badEncodings[0] ?? [], 7 * 32);
    points.fill(0, 4 * 32, 5 * 32);
    expect(badPointOf(await opened(), points)).toBe(4);
  });

  it('keeps to the order of a batch that it has to take in several runs', async () => {
    const points = Buffer.concat(
      Array.from({ length: 300 }, (_, place) => multiples[1 + (place % 7)] ?? new Uint8Array()),
    );
    const doubled = Buffer.concat(
      Array.from({ length: 300 }, (_, place) => multiples[2 + 2 * (place % 7)] ?? new Uint8Array()),
    );
    expect(Buffer.compare((await opened()).multiply(points, small(2)), doubled)).toBe(0);
    points.fill(0, 290 * 32, 291 * 32);
    expect(badPointOf(engine, points)).toBe(290);
  });

  it('leaves its inputs as they were, and takes views into larger buffers', async () => {
    const large = Buffer.concat([randomBytes(5), anyPoints(3), randomBytes(5)]);
    const [before, scalar] = [Buffer.from(large), anyScalar()];
    const products = (await opened()).multiply(large.subarray(5, 101), scalar);
    expect(large).toEqual(before);
    expect(Buffer.compare(products, oracle.multiply(before.subarray(5, 101), scalar))).toBe(0);
  });

  it('takes an empty batch', async () => {
    const none = new Uint8Array();
    await opened();
    const results = [engine.hash(none), engine.multiply(none, small(1)), engine.hashAndMultiply(none, small(1))];
    expect(results.map((result) => result.length)).toEqual([0, 0, 0]);
    expect(Buffer.compare(engine.sum(none, none), new Uint8Array(32))).toBe(0);
  });

  it('adds up points by their weights as the oracle does, for any weights and batch', async () => {
    await opened();
    const edges = fc.constantFrom(0, 1, 2, 3, 4, 0x5555, 0xaaaa, 0xfffe, 0xffff);
    const weights = fc.array(fc.oneof(edges, fc.nat({ max: 0xffff })), { maxLength: 40 });
    const points = anyPoints(40);
    fc.assert(
      fc.property(weights, (some) => {
        const [batch, packed] = [points.subarray(0, some.length * 32), new Uint8Array(Uint16Array.from(some).buffer)];
        expect(Buffer.compare(engine.sum(batch, packed), oracle.sum(batch, packed))).toBe(0);
      }),
      { numRuns: 40 },
    );
  });

  it('adds up in one pass with the products what it adds up by itself', async () => {
    await opened();
    for (const count of [0, 1, 5, 300]) {
      const [uniform, scalar, weights] = [randomBytes(count * 64), anyScalar(), randomBytes(count * 2)];
      const points = engine.hash(uniform);
      const right = Buffer.concat([engine.multiply(points, scalar), engine.sum(points, weights)]);
      expect(Buffer.compare(engine.multiply(points, scalar, weights), right)).toBe(0);
      expect(Buffer.compare(engine.hashAndMultiply(uniform, scalar, weights), right)).toBe(0);
    }
    const points = engine.hash(randomBytes(128));
    expect(() => engine.multiply(points, small(2), Buffer.alloc(3))).toThrow(RangeError);
    expect(() => engine.hashAndMultiply(randomBytes(64), small(2), Buffer.alloc(4))).toThrow(RangeError);
  });

  it('gives the identity for a sum that is it, and names the first bad point of one, whatever its weight', async () => {
    const points = Buffer.from((await opened()).hash(randomBytes(200 * 64)));
    const opposite = oracle.multiply(points.subarray(0, 32), lessOne);
    const pair = Buffer.concat([points.subarray(0, 32), opposite]);
    expect(Buffer.compare(engine.sum(pair, Buffer.from([7, 9, 7, 9])), new Uint8Array(32))).toBe(0);
    expect(Buffer.compare(engine.sum(points, Buffer.alloc(400)), new Uint8Array(32))).toBe(0);
    points.set(badEncodings[3] ?? [], 150 * 32);
    points.fill(0, 140 * 32, 141 * 32);
    expect(() => engine.sum(points, Buffer.alloc(400))).toThrow(expect.objectContaining({ index: 140 }));
  });

  it('refuses a sum of points and weights that are not as many', async () => {
    await opened();
    for (const weights of [Buffer.alloc(2), Buffer.alloc(5), Buffer.alloc(6)]) {
      expect(() => engine.sum(anyPoints(2), weights)).toThrow(RangeError);
    }
  });

  it('refuses lengths that are no whole batch, and scalars out of range', async () => {
    await opened();
    const [point, uniform] = [anyPoints(1), randomBytes(64)];
    const order = Buffer.from('edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010', 'hex');
    for (const bad of [() => engine.hash(uniform.subarray(1)), () => engine.hash(randomBytes(96))]) {
      expect(bad).toThrow(RangeError);
    }
    expect(() => engine.multiply(point.subarray(1), small(1))).toThrow(RangeError);
    expect(() => engine.hashAndMultiply(randomBytes(96), small(1))).toThrow(RangeError);
    for (const scalar of [small(0), order, Buffer.alloc(32, 255), small(1).subarray(1)]) {
      expect(() => engine.multiply(point, scalar)).toThrow(RangeError);
      expect(() => engine.hashAndMultiply(uniform, scalar)).toThrow(RangeError);
    }
  });
});
