import { beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { digestsByNode } from '../digests.js';
import { badEncodings, derivations, multiples } from '../rfc9496-vectors.js';
import { bytesOf, edgeElements, expectedProducts, numberOf, order, p, randomElement } from '../fixtures/elements.js';
import { anyMessages, crookedItems } from '../fixtures/messages.js';
import { enginesHere } from './choose.js';
import { openKernel, openNativeKernel } from './native-kernel.js';
import { openNoble } from './noble.js';

const build = fileURLToPath(new URL('../../../native/build.mjs', import.meta.url));
const oracle = openNoble();
const hasIfma = existsSync('/proc/cpuinfo') && readFileSync('/proc/cpuinfo', 'utf8').includes('avx512ifma');
const hasCompiler = ['/usr/bin/cc', '/usr/bin/gcc', '/usr/bin/clang'].some((program) => existsSync(program));
execFileSync(process.execPath, [build]);

it(`${hasIfma && hasCompiler ? 'runs' : 'does not run'} on this machine`, async () => {
  expect((await enginesHere()).includes('native-kernel')).toBe(hasIfma && hasCompiler);
});

(hasIfma && hasCompiler ? describe : describe.skip)('the native kernel', () => {
  let kernel: NonNullable<ReturnType<typeof openKernel>>;
  let engine: NonNullable<ReturnType<typeof openNativeKernel>>;
  beforeAll(() => {
    const [opened, around] = [openKernel(), openNativeKernel()];
    if (opened === undefined || around === undefined) throw new Error('the kernel does not run on this machine');
    [kernel, engine] = [opened, around];
  });

  it.each([1, 7, 8, 9, 15, 16, 17, 127, 128, 129, 700])('computes what the oracle computes, for %i points', (count) => {
    const uniform = randomBytes(count * 64);
    const scalar = bytesOf(1n + (numberOf(randomBytes(32)) % (order - 1n)));
    const points = engine.hash(uniform);
    expect(Buffer.compare(points, oracle.hash(uniform))).toBe(0);
    const products = oracle.multiply(points, scalar);
    expect(Buffer.compare(engine.multiply(points, scalar), products)).toBe(0);
    expect(Buffer.compare(engine.hashAndMultiply(uniform, scalar), products)).toBe(0);
    const weights = randomBytes(count * 2);
    expect(Buffer.compare(engine.sum(points, weights), oracle.sum(points, weights))).toBe(0);
  });

  it('hashes as Node does, whatever the lengths, and how many there are', () => {
    fc.assert(
      fc.property(anyMessages({ around: 600, item: 600, items: 30 }), (messages) => {
        expect(Buffer.compare(engine.digests(messages), digestsByNode(messages))).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

  it.each(crookedItems)('hashes no items that %s', (_what, ends, bytes, results) => {
    const [out, items, none] = [Buffer.alloc(results * 64), Buffer.alloc(bytes), Buffer.alloc(0)];
    const placed = Buffer.from(Uint32Array.from(ends).buffer);
    expect(() => kernel.digests(out, none, items, placed, none)).toThrow('fit together');
    expect(() => kernel.digests(out, none, items, placed.subarray(1), none)).toThrow('fit together');
    const sized = { before: none, items, ends: Uint32Array.from(ends), after: none };
    if (results === ends.length) expect(() => digestsByNode(sized)).toThrow(RangeError);
  });

  it('names the first bad point, in any lane and block, and of every kind', () => {
    const [, good = Buffer.alloc(0)] = multiples;
    const batch = Buffer.concat(Array.from({ length: 301 }, () => good));
    for (const [kind, bad] of [...badEncodings, Buffer.alloc(32)].entries()) {
      for (const place of [kind, 115 + kind, 260 + kind]) {
        const spoiled = Buffer.from(batch);
        spoiled.set(bad, place * 32);
        spoiled.set(bad, 300 * 32);
        expect(() => engine.multiply(spoiled, bytesOf(5n))).toThrow(expect.objectContaining({ index: place }));
        expect(() => engine.sum(spoiled, Buffer.alloc(602))).toThrow(expect.objectContaining({ index: place }));
      }
    }
  });

  it('takes no bytes of a point that are p or more, nor any with the top bit', () => {
    const top = Buffer.from(multiples[1] ?? []);
    top[31] = (top[31] ?? 0) | 128;
    const large = Array.from({ length: 19 }, (_, more) => bytesOf(p + BigInt(more)));
    for (const bad of [top, ...large]) {
      expect(() => engine.multiply(bad, bytesOf(5n))).toThrow(expect.objectContaining({ index: 0 }));
    }
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

  it('derives from field elements at the edges what the oracle derives', () => {
    const edges = edgeElements().map(bytesOf);
    const uniform = Buffer.concat(
      edges.flatMap((edge, place) => [edge, edges[(place * 7 + 3) % edges.length] ?? edge]),
    );
    expect(Buffer.compare(engine.hash(uniform), oracle.hash(uniform))).toBe(0);
  });

  it('refuses to multiply an identity that uniform bytes were chosen to derive', () => {
    const element = bytesOf(55317625704484474054323040104211100889138369048739196775942058122275509756997n);
    const [[good = Buffer.alloc(64)] = []] = derivations;
    const uniform = Buffer.concat([good, good, element, element, good]);
    expect(Buffer.compare(engine.hash(uniform), oracle.hash(uniform))).toBe(0);
    expect(() => engine.hashAndMultiply(uniform, bytesOf(5n))).toThrow(expect.objectContaining({ index: 2 }));
  });

  it('multiplies any two field elements at the limits of limbs and carries', () => {
    const edges = edgeElements();
    const pairs = edges.flatMap((a) => edges.map((b): [bigint, bigint] => [a, b]));
    expect(productsOf(pairs)).toEqual(expectedProducts(pairs));
  });

  it('multiplies field elements with long runs of equal bits', () => {
    const pairs = Array.from({ length: 20_000 }, (): [bigint, bigint] => [randomElement(), randomElement()]);
    expect(productsOf(pairs)).toEqual(expectedProducts(pairs));
  });

  it('refuses arrays that do not fit together before it touches any', () => {
    const [point, scalar] = [Buffer.from(multiples[1] ?? []), bytesOf(3n)];
    const out = Buffer.alloc(32);
    const calls = [
      () => kernel.multiply(Buffer.alloc(31), point, scalar),
      () => kernel.multiply(Buffer.alloc(64), point, scalar),
      () => kernel.multiply(out, point, scalar.subarray(1)),
      () => kernel.multiply(out, point.subarray(1), scalar),
      () => kernel.sum(Buffer.alloc(64), point, Buffer.alloc(2)),
      () => kernel.sum(out, point, Buffer.alloc(4)),
      () => kernel.hash(out, Buffer.alloc(32), Buffer.alloc(32)),
      () => kernel.hashAndMultiply(out, point, scalar),
      () => kernel.multiply(out, point, undefined as unknown as Uint8Array),
      () => kernel.multiply(out, new Uint16Array(16) as unknown as Uint8Array, scalar),
    ];
    for (const call of calls) expect(call).toThrow('arrays of bytes that fit together');
    expect(out).toEqual(Buffer.alloc(32));
  });

  function productsOf(pairs: readonly [bigint, bigint][]): bigint[] {
    const packed = Buffer.concat(pairs.flat().map(bytesOf));
    const results = Buffer.alloc(packed.length);
    kernel.multiplyElements(results, packed, packed);
    return Array.from({ length: pairs.length * 2 }, (_, at) => numberOf(results.subarray(at * 32, at * 32 + 32)));
  }
});
