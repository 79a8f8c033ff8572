import '../../../../tests/servers/run-from-source.js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { openPool, type Pool } from '../group/pool.js';
import { deriveScalars } from '../group/scalars.js';
import { blindChunk, finishChunk, hopsAreHonest, type ReturnedCheck } from './honest-hops.js';

const queryId = '5eed'.repeat(8);
const other = deriveScalars(randomBytes(32), queryId);
const liar = deriveScalars(randomBytes(32), queryId);
let pool: Pool;
beforeAll(async () => {
  pool = await openPool({ threads: 2 });
});
afterAll(() => pool.close());

/** Of a list whose chunks have so many keys: what leaves, and whether what a hop gives back is believed. */
async function listOf(...sizes: readonly number[]) {
  return listFrom(randomBytes(32), sizes);
}

async function listFrom(seed: Uint8Array, sizes: readonly number[]) {
  const { blind, finish, key } = deriveScalars(seed, queryId);
  const list = { pool, queryId, seed, blind, finish };
  const uniforms = sizes.map((size) => randomBytes(size * 64));
  const leave = async () => {
    const chunks: Uint8Array[] = [];
    let anchor: Uint8Array | undefined;
    for (const [chunk, uniform] of uniforms.entries()) {
      const { points, sum } = await blindChunk(list, chunk, uniform, anchor);
      anchor ??= sum;
      chunks.push(points);
    }
    return chunks;
  };
  const back = async (chunks: readonly Uint8Array[]) => {
    const finished = await Promise.all(chunks.map((points, chunk) => finishChunk(list, chunk, points)));
    const checks = async function* (): AsyncIterable<ReturnedCheck> {
      for (const { check } of finished) yield check;
    };
    const points = Buffer.concat(finished.map((each) => each.points));
    return { points, honest: await hopsAreHonest(list, checks()) };
  };
  return { uniforms, key, blind, leave, back };
}

const multiplied = (chunks: readonly Uint8Array[], key = other.key) =>
  Promise.all(chunks.map((points) => pool.multiply(points, key)));
/** ℓ - 1 */
const minusOne = Buffer.from('ecd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010', 'hex');
const pointAt = (points: Uint8Array, place: number) => points.subarray(place * 32, place * 32 + 32);
function withPoint(points: Uint8Array, place: number, point: Uint8Array): Buffer {
  const copy = Buffer.from(points);
  copy.set(point, place * 32);
  return copy;
}
const swapped = (points: Uint8Array, one: number, two: number) =>
  withPoint(withPoint(points, one, pointAt(points, two)), two, pointAt(points, one));
const changed = (chunks: readonly Uint8Array[], at: number, points: Uint8Array) =>
  chunks.map((each, chunk) => (chunk === at ? points : each));

describe('a list that goes round honest hops', () => {
  it.each([[[1]], [[2]], [[40]], [[4095, 4095, 3]]])(
    'of chunks of %j keys is T of its keys, and believed',
    async (sizes) => {
      const { uniforms, key, leave, back } = await listOf(...sizes);
      const { points, honest } = await back(await multiplied(await leave()));
      const right = await pool.multiply(await pool.hashAndMultiply(Buffer.concat(uniforms), key), other.key);
      expect(Buffer.compare(points, right)).toBe(0);
      expect(honest).toBe(true);
    },
  );

  it('leaves a second time as the same bytes', async () => {
    const { leave } = await listOf(40, 3);
    expect(await leave()).toEqual(await leave());
  });

  it('has one point more in each chunk, at a place that nobody can foresee', async () => {
    const places = new Set<number>();
    for (let times = 0; times < 40; times++) {
      const { uniforms, blind, leave } = await listOf(7);
      const [points = new Uint8Array()] = await leave();
      const plain = await pool.hashAndMultiply(Buffer.concat(uniforms), blind);
      const place = Array.from({ length: 8 }, (_, at) => at).filter(
        (at) =>
          Buffer.compare(Buffer.concat([points.subarray(0, at * 32), points.subarray(at * 32 + 32)]), plain) === 0,
      );
      expect(place).toHaveLength(1);
      places.add(place[0] ?? -1);
    }
    expect(places.size).toBeGreaterThan(4);
  });
});

describe('a hop', () => {
  const sizes = [6, 6, 2];
  let chunks: Uint8Array[];
  let right: Uint8Array[];
  let wrong: Uint8Array[];
  let list: Awaited<ReturnType<typeof listOf>>;
  beforeAll(async () => {
    // Of one in 65,535 seeds two weights are equal, and their points may change places: not of this one.
    list = await listFrom(Buffer.alloc(32, 7), sizes);
    chunks = await list.leave();
    right = await multiplied(chunks);
    wrong = await multiplied(chunks, liar.key);
  });
  const at = (from: readonly Uint8Array[], chunk: number) => from[chunk] ?? new Uint8Array();
  const believed = async (returned: readonly Uint8Array[]) => (await list.back(returned)).honest;
  const everywhere = sizes.flatMap((size, chunk) => Array.from({ length: size + 1 }, (_, place) => [chunk, place]));

  it.each(everywhere)('that replaces a point (chunk %i, place %i) is found', async (chunk, place) => {
    const foreign = await pool.hashAndMultiply(randomBytes(64), other.key);
    expect(await believed(changed(right, chunk, withPoint(at(right, chunk), place, foreign)))).toBe(false);
  });

  it.each(everywhere)('that takes another key for one point (chunk %i, place %i) is found', async (chunk, place) => {
    const spoiled = withPoint(at(right, chunk), place, pointAt(at(wrong, chunk), place));
    expect(await believed(changed(right, chunk, spoiled))).toBe(false);
  });

  it.each(everywhere)('that mixes a point with its neighbour (chunk %i, place %i) is found', async (chunk, place) => {
    const points = at(right, chunk);
    const neighbour = pointAt(points, (place + 1) % (points.length / 32));
    const mixed = await pool.sum(Buffer.concat([pointAt(points, place), neighbour]), Uint8Array.of(1, 0, 1, 0));
    expect(await believed(changed(right, chunk, withPoint(points, place, mixed)))).toBe(false);
    expect(await believed(changed(right, chunk, withPoint(points, place, neighbour)))).toBe(false);
  });

  it('that moves what it takes from one point to another, as much, is found', async () => {
    const [one, two, some] = [pointAt(at(right, 0), 0), pointAt(at(right, 0), 1), pointAt(at(right, 2), 0)];
    const less = await pool.multiply(some, minusOne);
    const ones = Uint8Array.of(1, 0, 1, 0);
    const more = await pool.sum(Buffer.concat([one, some]), ones);
    const rest = await pool.sum(Buffer.concat([two, less]), ones);
    expect(await believed(changed(right, 0, withPoint(withPoint(at(right, 0), 0, more), 1, rest)))).toBe(false);
  });

  it('that reorders points is found, whichever two change places', async () => {
    for (let one = 0; one < 7; one++)
      for (let two = one + 1; two < 7; two++)
        expect(await believed(changed(right, 1, swapped(at(right, 1), one, two)))).toBe(false);
    const turned = Buffer.concat([at(right, 0).subarray(32), at(right, 0).subarray(0, 32)]);
    expect(await believed(changed(right, 0, turned))).toBe(false);
  });

  it('that gives back one point everywhere, or what it was sent, is found', async () => {
    const one = pointAt(at(right, 0), 0);
    const alike = right.map((points) => Buffer.concat(Array.from({ length: points.length / 32 }, () => one)));
    expect(await believed(alike)).toBe(false);
    expect(await believed(changed(right, 2, at(chunks, 2)))).toBe(false);
  });

  it('that changes the places of two chunks is found', async () => {
    expect(await believed([at(right, 1), at(right, 0), at(right, 2)])).toBe(false);
  });

  it.each([0, 1, 2])('that takes another key for a whole chunk, number %i, is found', async (chunk) => {
    expect(await believed(changed(right, chunk, at(wrong, chunk)))).toBe(false);
  });

  it('that gives back another list of the same owner, or that of another query, is found', async () => {
    const second = await listOf(...sizes);
    const theirs = await multiplied(await second.leave());
    expect(await believed(theirs)).toBe(false);
    expect(await believed(changed(right, 1, at(theirs, 1)))).toBe(false);
  });

  it('that makes a sum the identity is found, and is no fault of ours', async () => {
    const single = await listOf(1);
    const [points = new Uint8Array()] = await multiplied(await single.leave());
    const checks = async function* (): AsyncIterable<ReturnedCheck> {
      yield { sum: new Uint8Array(32), point: points.subarray(0, 32) };
    };
    expect(await hopsAreHonest({ pool, queryId, seed: randomBytes(32) }, checks())).toBe(false);
  });

  it('that does what it must is believed, whatever its key', async () => {
    expect([await believed(right), await believed(wrong)]).toEqual([true, true]);
  });
});
