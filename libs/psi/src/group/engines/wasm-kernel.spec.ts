import { beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { BadPoint, type Engine } from '../engine.js';
import { badEncodings, derivations, multiples } from '../rfc9496-vectors.js';
import { bytesOf, edgeElements, numberOf, order, p } from '../fixtures/elements.js';
import { digestsByNode } from '../digests.js';
import { openNoble } from './noble.js';
import { selfTest } from './self-test.js';
import { engineOf, openKernel, openWasmKernel } from './wasm-kernel.js';

const oracle = openNoble();
let kernel: NonNullable<Awaited<ReturnType<typeof openKernel>>>;
let engine: Engine;

beforeAll(async () => {
  execFileSync(process.execPath, [fileURLToPath(new URL('../../../kernel/build.mjs', import.meta.url))]);
  const opened = await openKernel();
  if (opened === undefined) throw new Error('the kernel does not run on this machine');
  kernel = opened;
  engine = engineOf(kernel, digestsByNode);
});

describe('the kernel', () => {
  it('passes the self test', async () => {
    expect(selfTest(engine)).toBe(engine);
    expect(selfTest((await openWasmKernel()) ?? engine)).not.toBe(engine);
  });

  it.each([1, 2, 3, 17, 127, 128, 129, 1000])('computes what the oracle computes, for %i points', (count) => {
    const uniform = randomBytes(count * 64);
    const scalar = bytesOf(1n + (numberOf(randomBytes(31)) % (order - 1n)));
    const points = engine.hash(uniform);
    expect(Buffer.compare(points, oracle.hash(uniform))).toBe(0);
    const products = oracle.multiply(points, scalar);
    expect(Buffer.compare(engine.multiply(points, scalar), products)).toBe(0);
    expect(Buffer.compare(engine.hashAndMultiply(uniform, scalar), products)).toBe(0);
  });

  it('multiplies by scalars with edges in their digits', () => {
    const [, generator = Buffer.alloc(0), twice = Buffer.alloc(0)] = multiples;
    const points = Buffer.concat([generator, twice, generator]);
    const repeated = (digit: bigint) => (digit * (16n ** 63n - 1n)) / 15n;
    const halves = Array.from({ length: 16 }, (_, digit) => repeated(BigInt(digit)));
    const edges = [1n, 2n, 3n, 7n, 8n, 9n, 15n, 16n, 17n, 2n ** 252n, 2n ** 252n - 1n, order - 2n, order - 1n];
    const scalars = [...edges, ...halves, ...halves.map((half) => 2n * half)].map((scalar) => scalar % order);
    for (const scalar of scalars.filter((some) => some > 0n).map(bytesOf)) {
      expect(Buffer.compare(engine.multiply(points, scalar), oracle.multiply(points, scalar))).toBe(0);
    }
  });

  it('names the first bad point, in either lane, in any run, and of every kind', () => {
    const [, good = Buffer.alloc(0)] = multiples;
    const batch = Buffer.concat(Array.from({ length: 301 }, () => good));
    for (const [kind, bad] of [...badEncodings, Buffer.alloc(32)].entries()) {
      for (const place of [kind, 115 + kind, 260 + kind]) {
        const spoiled = Buffer.concat([batch.subarray(0, place * 32), bad, batch.subarray(kind * 32)]);
        expect(badPlace(spoiled)).toBe(place);
        expect(badPlace(Buffer.concat([spoiled, bad, bad]))).toBe(place);
      }
    }
  });

  it('takes no bytes of a point that are p or more', () => {
    for (let more = 0n; more < 19n; more++) expect(badPlace(bytesOf(p + more))).toBe(0);
  });

  it('derives from field elements at the edges what the oracle derives', () => {
    const edges = edgeElements().map((element) => bytesOf(element));
    const uniform = Buffer.concat(
      edges.flatMap((edge, place) => [edge, edges[(place * 7 + 3) % edges.length] ?? edge]),
    );
    expect(Buffer.compare(engine.hash(uniform), oracle.hash(uniform))).toBe(0);
  });

  it('ignores the top bit of each half of uniform bytes, and takes p and more', () => {
    const [[uniform = Buffer.alloc(0), point] = []] = derivations;
    const changed = Buffer.from(uniform);
    changed[31] = (changed[31] ?? 0) ^ 128;
    changed[63] = (changed[63] ?? 0) ^ 128;
    expect(Buffer.from(engine.hash(changed))).toEqual(Buffer.from(point ?? []));
    const large = Buffer.alloc(64, 255);
    expect(Buffer.compare(engine.hash(large), oracle.hash(large))).toBe(0);
  });

  it('derives the identity where that is asked, refuses to multiply it, and keeps the other points of its batch', () => {
    // With r = -d the map's v is 0, and so is x: t^2 = r / sqrt(-1). Both halves are mapped to the identity.
    const element = bytesOf(55317625704484474054323040104211100889138369048739196775942058122275509756997n);
    const [[good = Buffer.alloc(64)] = []] = derivations;
    const uniform = Buffer.concat([good, element, element, good, good, element, element, element, element]);
    const points = oracle.hash(uniform);
    expect(points.subarray(32, 64)).toEqual(new Uint8Array(32));
    expect(Buffer.compare(engine.hash(uniform), points)).toBe(0);
    expect(placeOf(() => engine.hashAndMultiply(uniform, bytesOf(5n)))).toBe(1);

    const memory = new Uint8Array(kernel.memory.buffer);
    memory.set(uniform, kernel.input());
    memory.set(bytesOf(5n), kernel.scalar());
    kernel.hashAndMultiply(6, false);
    const product = oracle.multiply(points.subarray(0, 32), bytesOf(5n));
    const none = Buffer.alloc(32);
    const products = memory.slice(kernel.output(), kernel.output() + 6 * 32);
    expect(Buffer.compare(products, Buffer.concat([product, none, product, product, none, none]))).toBe(0);
  });

  it('leaves nothing of a batch in its memory, not even of one with a bad point', async () => {
    kernel = (await openKernel()) ?? kernel;
    engine = engineOf(kernel, digestsByNode);
    const memory = new Uint8Array(kernel.memory.buffer);
    const before = Buffer.from(memory);
    const points = engine.hash(randomBytes(130 * 64));
    expect(Buffer.compare(memory, before)).toBe(0);
    engine.multiply(points, bytesOf(order - 3n));
    expect(Buffer.compare(memory, before)).toBe(0);
    points.fill(255, 129 * 32);
    expect(badPlace(points)).toBe(129);
    expect(Buffer.compare(memory, before)).toBe(0);
  });
});

function badPlace(points: Uint8Array): number | undefined {
  return placeOf(() => engine.multiply(points, bytesOf(5n)));
}

function placeOf(work: () => Uint8Array): number | undefined {
  try {
    work();
    return undefined;
  } catch (cause) {
    if (cause instanceof BadPoint) return cause.index;
    throw cause;
  }
}
