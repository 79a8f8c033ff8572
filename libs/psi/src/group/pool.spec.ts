import '../../../../tests/servers/run-from-source.js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { BadPoint, type Engine } from './engine.js';
import { chooseEngine } from './engines/choose.js';
import { openPool, PoolClosed, type Pool } from './pool.js';
import { deriveScalars } from './scalars.js';

const { key } = deriveScalars(randomBytes(32), '00'.repeat(16));
const failure = async (asked: Promise<unknown>): Promise<unknown> =>
  asked.then(
    () => undefined,
    (cause: unknown) => cause,
  );

describe('a pool of threads', () => {
  let pool: Pool;
  let engine: Engine;
  beforeAll(async () => {
    pool = await openPool({ threads: 3 });
    engine = await chooseEngine();
  });
  afterAll(() => pool.close());

  it('has the fastest engine in the threads it was asked for', () => {
    expect([pool.engine, pool.threads]).toEqual([engine.name, 3]);
  });

  it.each([0, 1, 2, 31, 33, 97, 4095, 4096])('gives what the engine gives, for a batch of %i', async (count) => {
    const uniform = randomBytes(count * 64);
    const points = engine.hash(uniform);
    const [products, both] = await Promise.all([pool.multiply(points, key), pool.hashAndMultiply(uniform, key)]);
    expect(products).toHaveLength(count * 32);
    expect(Buffer.compare(products, both)).toBe(0);
    expect(Buffer.compare(products, engine.multiply(points, key))).toBe(0);
  });

  it.each([0, 1, 511, 513, 4095])('adds up what the engine adds up, for a batch of %i', async (count) => {
    const [uniform, weights] = [randomBytes(count * 64), randomBytes(count * 2)];
    const points = engine.hash(uniform);
    const right = engine.multiply(points, key, weights);
    expect(Buffer.compare(await pool.sum(points, weights), engine.sum(points, weights))).toBe(0);
    expect(Buffer.compare(await pool.multiply(points, key, weights), right)).toBe(0);
    expect(Buffer.compare(await pool.hashAndMultiply(uniform, key, weights), right)).toBe(0);
    expect(Buffer.compare(await pool.sum(points, Buffer.alloc(count * 2)), Buffer.alloc(32))).toBe(0);
  });

  it('refuses weights that are not as many as the points', async () => {
    const points = engine.hash(randomBytes(64 * 3));
    for (const weights of [Buffer.alloc(4), Buffer.alloc(5), Buffer.alloc(8)]) {
      expect(await failure(pool.sum(points, weights))).toBeInstanceOf(RangeError);
      expect(await failure(pool.multiply(points, key, weights))).toBeInstanceOf(RangeError);
    }
  });

  it('leaves the batch and the scalar to the caller, also when they are parts of larger buffers', async () => {
    const points = Buffer.concat([Buffer.alloc(7), engine.hash(randomBytes(64 * 64))]);
    const scalar = Buffer.concat([Buffer.alloc(3), key]);
    const [pointsBefore, scalarBefore] = [Buffer.from(points), Buffer.from(scalar)];
    const products = await pool.multiply(points.subarray(7), scalar.subarray(3));
    expect([points, scalar]).toEqual([pointsBefore, scalarBefore]);
    expect(Buffer.compare(products, engine.multiply(points.subarray(7), key))).toBe(0);
  });

  it.each([[[0]], [[33]], [[34]], [[35]], [[67]], [[68]], [[99]], [[68, 34]], [[99, 33, 67]]])(
    'names the first bad point of the whole batch when %j are bad',
    async (bad) => {
      const points = engine.hash(randomBytes(100 * 64)); // in parts of 34, 34 and 32
      for (const index of bad) points.fill(0, index * 32, index * 32 + 32);
      const cause = await failure(pool.multiply(points, key));
      expect(cause).toBeInstanceOf(BadPoint);
      expect(cause).toHaveProperty('index', Math.min(...bad));
    },
  );

  it('refuses wrong lengths and scalars out of range, and goes on', async () => {
    const points = engine.hash(randomBytes(64));
    expect(await failure(pool.multiply(points.subarray(1), key))).toBeInstanceOf(RangeError);
    expect(await failure(pool.hashAndMultiply(points, key))).toBeInstanceOf(RangeError);
    expect(await failure(pool.multiply(points, new Uint8Array(32)))).toBeInstanceOf(RangeError);
    expect(await failure(pool.multiply(new Uint8Array(), key.subarray(1)))).toBeInstanceOf(RangeError);
    expect(await pool.multiply(points, key)).toHaveLength(32);
  });

  it('answers a fault in a task with its cause, and goes on', async () => {
    const cause = await failure(pool.run('multiply', { batch: Buffer.alloc(31), scalar: Buffer.from(key) }));
    expect(cause).toMatchObject({ message: 'the task multiply failed in the pool', cause: { name: 'RangeError' } });
    expect(await pool.run('multiply', { batch: engine.hash(randomBytes(64)), scalar: key })).toHaveProperty('points');
  });
});

describe('the life of a pool', () => {
  it('begins only with a number of threads and an engine that exist', async () => {
    for (const threads of [0, -1, 1.5, Number.NaN]) await expect(openPool({ threads })).rejects.toThrow(RangeError);
    await expect(openPool({ engine: 'abacus' })).rejects.toThrow(RangeError);
  });

  it('uses the engine that is named', async () => {
    const pool = await openPool({ threads: 1, engine: 'noble' });
    const uniform = randomBytes(64);
    const product = await pool.hashAndMultiply(uniform, key);
    expect(pool.engine).toBe('noble');
    expect(Buffer.compare(product, (await chooseEngine()).hashAndMultiply(uniform, key))).toBe(0);
    await pool.close();
  });

  it('ends what runs and what waits with PoolClosed, and what is asked later', async () => {
    const pool = await openPool({ threads: 1 });
    const uniform = randomBytes(64 * 4096);
    const asked = [pool.hashAndMultiply(uniform, key), pool.hashAndMultiply(uniform, key)].map(failure);
    await new Promise(setImmediate);
    await Promise.all([pool.close(), pool.close()]);
    expect((await Promise.all(asked)).map((cause) => cause instanceof PoolClosed)).toEqual([true, true]);
    expect(await failure(pool.multiply(new Uint8Array(), key))).toBeInstanceOf(PoolClosed);
  });

  it('ends in the middle of a multiplication as well', async () => {
    const pool = await openPool({ threads: 1 });
    await pool.hashAndMultiply(randomBytes(64), key);
    const asked = failure(pool.hashAndMultiply(randomBytes(64 * 4096), key));
    await new Promise(setImmediate);
    await pool.close();
    expect(await asked).toBeInstanceOf(PoolClosed);
  });

  it('goes on after its threads have ended for want of work', async () => {
    const exits: Promise<unknown>[] = [];
    const observe = (message: unknown) => exits.push(once((message as { worker: Worker }).worker, 'exit'));
    subscribe('worker_threads', observe);
    const pool = await openPool({ threads: 2, idleMilliseconds: 1 });
    const uniform = randomBytes(64 * 64);
    const first = await pool.hashAndMultiply(uniform, key);
    await Promise.all(exits);
    expect(exits).toHaveLength(2);
    expect(Buffer.compare(await pool.hashAndMultiply(uniform, key), first)).toBe(0);
    unsubscribe('worker_threads', observe);
    await pool.close();
  });

  it('answers with the cause when a thread cannot start, and goes on when it can', async () => {
    const before = process.env['NODE_OPTIONS'];
    process.env['NODE_OPTIONS'] = `--import=${new URL('./nowhere.mjs', import.meta.url).href}`;
    const pool = await openPool({ threads: 2 });
    process.env['NODE_OPTIONS'] = before;
    const cause = await failure(pool.hashAndMultiply(randomBytes(64 * 64), key));
    expect(cause).toHaveProperty('cause.code', 'ERR_MODULE_NOT_FOUND');
    await pool.close();
  });
});
