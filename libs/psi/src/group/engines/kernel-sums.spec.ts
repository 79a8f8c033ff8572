import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { BadPoint } from '../engine.js';
import { bytesOf, edgeElements, expectedProducts, numberOf, p, randomElement } from '../fixtures/elements.js';
import { openSums, sumBy, type Sums } from './kernel-sums.js';
import { openNoble } from './noble.js';
import { openKernel } from './wasm-kernel.js';

const oracle = openNoble();

beforeAll(() => {
  execFileSync(process.execPath, [fileURLToPath(new URL('../../../kernel/build.mjs', import.meta.url))]);
});

/** Both ways to multiply limbs: by fused multiply-add, and by halves. */
describe.each<[string, () => Promise<Sums | undefined>]>([
  ['the kernel', openKernel],
  ['its sums for every machine', openSums],
])('%s', (_, open) => {
  let kernel: Sums;
  beforeAll(async () => {
    const opened = await open();
    if (opened === undefined) throw new Error('it does not run on this machine');
    kernel = opened;
  });

  /** Of each pair the product and the square of the first, by the kernel's own arithmetic. */
  const productsOf = (pairs: readonly [bigint, bigint][]): bigint[] => {
    const memory = new Uint8Array(kernel.memory.buffer);
    const results: bigint[] = [];
    for (let first = 0; first < pairs.length; first += 100) {
      const some = pairs.slice(first, first + 100);
      memory.set(Buffer.concat(some.flat().map(bytesOf)), kernel.input());
      kernel.multiplyFieldElements(some.length);
      for (let at = kernel.output(); at < kernel.output() + some.length * 64; at += 32)
        results.push(numberOf(memory.subarray(at, at + 32)));
    }
    return results;
  };

  it('multiplies field elements rightly where limbs and carries are at their limits', () => {
    const edges = edgeElements();
    for (const a of edges) {
      const pairs = edges.map((b): [bigint, bigint] => [a, b]);
      expect(productsOf(pairs)).toEqual(expectedProducts(pairs));
    }
    const extreme = Array.from({ length: 20_000 }, (): [bigint, bigint] => [randomElement(), randomElement()]);
    expect(productsOf(extreme)).toEqual(expectedProducts(extreme));
  });

  it('multiplies any field elements, with long runs of equal bits', () => {
    const run = fc.tuple(fc.nat({ max: 254 }), fc.nat({ max: 254 }), fc.constantFrom(1n, -1n));
    const sum = fc.array(run, { minLength: 1, maxLength: 6 }).map((runs) => {
      const total = runs.reduce((all, [high, low, sign]) => all + sign * (2n ** BigInt(high) - 2n ** BigInt(low)), 0n);
      return ((total % p) + p) % p;
    });
    const element = fc.oneof(sum, fc.bigInt({ min: 0n, max: p - 1n }));
    const pairs = fc.array(fc.tuple(element, element), { minLength: 1, maxLength: 100 });
    const agree = (some: [bigint, bigint][]) => expect(productsOf(some)).toEqual(expectedProducts(some));
    fc.assert(fc.property(pairs, agree), { numRuns: 200 });
  });

  it.each([0, 1, 2, 127, 128, 129, 700])('adds up what the oracle adds up, for %i points', (count) => {
    const points = oracle.hash(randomBytes(count * 64));
    const weights = randomBytes(count * 2);
    expect(Buffer.compare(sumBy(kernel)(points, weights), oracle.sum(points, weights))).toBe(0);
  });

  it('leaves nothing of a sum in its memory, not even of one with a bad point', async () => {
    kernel = (await open()) ?? kernel;
    const [memory, sum] = [new Uint8Array(kernel.memory.buffer), sumBy(kernel)];
    const before = Buffer.from(memory);
    const points = oracle.hash(randomBytes(130 * 64));
    sum(points, randomBytes(260));
    expect(Buffer.compare(memory, before)).toBe(0);
    points.fill(255, 129 * 32);
    expect(() => sum(points, randomBytes(260))).toThrow(new BadPoint(129));
    expect(Buffer.compare(memory, before)).toBe(0);
  });
});
