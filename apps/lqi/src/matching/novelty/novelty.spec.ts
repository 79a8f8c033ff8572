import { describe, expect, it } from '@jest/globals';
import { createSecretKey, randomBytes } from 'node:crypto';
import { isTooNew } from './novelty.js';
import { changesBetween, openSketch, sketchBytes } from './sketch.js';

const secret = createSecretKey(Buffer.alloc(32, 7));
const record = (n: number) => [Buffer.from(`record ${n}`), undefined];
const from = (first: number, count: number) => Array.from({ length: count }, (_, n) => record(first + n));

function sketchOf(records: readonly (readonly (Buffer | undefined)[])[], key = secret): Buffer {
  const sketch = openSketch(key);
  for (const each of records) sketch.add(each);
  return sketch.bytes();
}

describe('a sketch of a set', () => {
  it('is the same for the same records in any order, and of one size for any number', () => {
    const one = sketchOf(from(0, 500));
    expect(sketchOf(from(0, 500).reverse()).equals(one)).toBe(true);
    expect([one.length, sketchOf([]).length]).toEqual([sketchBytes, sketchBytes]);
    expect(changesBetween(one, one)).toBe(0);
  });

  it.each([1, 2, 3, 5])('tells exactly that %i are new, gone or both', (few) => {
    const one = sketchOf(from(0, 2000));
    expect(changesBetween(one, sketchOf(from(0, 2000 + few)))).toBe(few);
    expect(changesBetween(one, sketchOf(from(few, 2000 - few)))).toBe(few);
    expect(changesBetween(one, sketchOf(from(few, 2000)))).toBe(2 * few);
  });

  it('tells a record that is there twice, and one that differs in which key it has', () => {
    const one = sketchOf([record(1)]);
    expect(changesBetween(one, sketchOf([record(1), record(1)]))).toBe(1);
    expect(changesBetween(one, sketchOf([record(1), record(1), record(1)]))).toBe(1); // in one cell, but not hidden
    expect(changesBetween(one, sketchOf([[...record(1)].reverse()]))).toBe(2);
  });

  it('tells about how many where they are many', () => {
    const one = sketchOf(from(0, 100));
    for (const many of [100, 1000, 10_000]) {
      const told = changesBetween(one, sketchOf(from(0, 100 + many)));
      expect(Math.abs(told - many)).toBeLessThan(many * 0.04 + 1);
    }
  });

  it('says nothing to who has another secret, nor of another size', () => {
    const other = sketchOf(from(0, 100), createSecretKey(randomBytes(32)));
    expect(changesBetween(sketchOf(from(0, 100)), other)).toBeGreaterThan(150);
    expect(changesBetween(sketchOf([]), Buffer.alloc(8))).toBe(Infinity);
    expect(changesBetween(sketchOf([]), Buffer.alloc(0))).toBe(Infinity);
  });
});

describe('a set that is asked for again', () => {
  const cap = { least: 10, most: 100 };
  it.each<[string, readonly number[], boolean]>([
    ['for the first time', [], false],
    ['and is the same', [0], false],
    ['with one record more', [1], true],
    ['with one less than the least', [9], true],
    ['with the least', [10], false],
    ['with the most', [100], false],
    ['with one more than the most', [101], true],
    ['with one record more than before another one', [50, 1], true],
    ['as it was before another one', [50, 0], false],
    ['far from one that was long before', [50, 500], false],
    ['of which all are new', [Infinity], true],
  ])('%s', (_what, changes, expected) => {
    expect(isTooNew(cap, changes)).toBe(expected);
  });

  it('must be the same where none may be new', () => {
    expect([0, 1, 10].map((changed) => isTooNew({ least: 1, most: 0 }, [changed]))).toEqual([false, true, true]);
  });
});
