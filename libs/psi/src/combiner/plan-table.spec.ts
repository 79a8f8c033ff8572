import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { planTable } from './plan-table.js';

const megabyte = 2 ** 20;
/** Sets of about one size, of any size: where the bytes of a key decide, and not what any table takes. */
const sets = fc
  .record({
    size: fc.integer({ min: 4, max: 24 }).map((power) => 2 ** power),
    shares: fc.array(fc.integer({ min: 50, max: 100 }), { minLength: 2, maxLength: 8 }),
  })
  .map(({ size, shares }) => shares.map((share) => Math.ceil((size * share) / 100)));

describe('the table of tags', () => {
  it('takes at most 16·n + 16 bytes for each key of the largest of n sets, or little, and never more than 71 MB', () => {
    const property = fc.property(sets, fc.integer({ min: 1, max: 4 }), (...of) => {
      const [records, keys] = of;
      const table = 17 * planTable(records, keys).capacity;
      const marks = records.reduce((sum, each) => sum + each, 0);
      const agreed = (16 * records.length + 16) * keys * Math.max(...records);
      expect(table <= 1.1 * megabyte || table + marks <= agreed).toBe(true);
      expect(table).toBeLessThan(72 * megabyte);
    });
    fc.assert(property, { numRuns: 2000 });
  });

  it('has room for all tags but those of the largest set, or twice the room of each part', () => {
    const property = fc.property(sets, fc.integer({ min: 1, max: 4 }), (...of) => {
      const [records, keys] = of;
      const { capacity, parts } = planTable(records, keys);
      const tags = keys * (records.reduce((sum, each) => sum + each, 0) - Math.max(...records));
      expect(((parts === 1 ? 1 : 2) * tags) / parts).toBeLessThanOrEqual((capacity * 2) / 3);
    });
    fc.assert(property, { numRuns: 2000 });
  });

  it('is small for small sets, and read for once where two sets of a million have two keys', () => {
    expect(planTable([16, 20], 1)).toEqual({ capacity: 32, parts: 1 });
    expect(planTable([1_048_576, 1_048_576], 2)).toEqual({ capacity: 1 << 22, parts: 1 });
    expect(planTable([300, 300], 1, 256)).toEqual({ capacity: 256, parts: 4 });
  });
});
