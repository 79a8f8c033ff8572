import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bucketOf } from './bucket.js';

describe('a bucket', () => {
  it('is one of four sizes between a power of two and the next', () => {
    const sizes = [0, 16, 17, 20, 21, 24, 25, 28, 29, 32, 33, 40, 41, 10_000_000];
    expect(sizes.map(bucketOf)).toEqual([16, 16, 20, 20, 24, 24, 28, 28, 32, 32, 40, 40, 48, 10_485_760]);
  });

  it('holds the set, and at most a quarter more', () => {
    const property = fc.property(fc.integer({ min: 16, max: 16_000_000 }), (records) => {
      const bucket = bucketOf(records);
      expect(bucket).toBeGreaterThanOrEqual(records);
      expect(bucket).toBeLessThanOrEqual(records * 1.25);
      expect(bucketOf(bucket)).toBe(bucket);
    });
    fc.assert(property);
  });

  it.each([-1, 0.5, NaN, Infinity])('is of no set of %p', (records) => {
    expect(() => bucketOf(records)).toThrow(RangeError);
  });
});
