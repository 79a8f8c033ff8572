import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { join, pieceBytes, split } from './split.js';

const sharing = fc
  .integer({ min: 1, max: 7 })
  .chain((shares) => fc.record({ shares: fc.constant(shares), needed: fc.integer({ min: 1, max: shares }) }));

describe('a secret that is split', () => {
  it('comes back from any shares that are enough, and from no fewer', () => {
    const property = fc.property(sharing, fc.infiniteStream(fc.boolean()), (which, take) => {
      const { secret, shares } = split(which, randomBytes(which.needed * pieceBytes));
      const given = shares.map((share) => (take.next().value ? share : undefined));
      const enough = given.filter((share) => share !== undefined).length >= which.needed;
      expect(join(which, given)).toEqual(enough ? secret : undefined);
    });
    fc.assert(property, { numRuns: 300 });
  });

  it('is another one if a share is, or stands at another place', () => {
    const which = { shares: 4, needed: 3 };
    const { secret, shares } = split(which, randomBytes(3 * pieceBytes));
    const [a, b, c] = shares;
    expect(join(which, [b, a, c, undefined])).not.toEqual(secret);
    expect(join(which, [a, b, undefined, c])).not.toEqual(secret);
    expect(join(which, [a, b, Buffer.alloc(32, 1), undefined])).not.toEqual(secret);
  });

  it('does not depend on one share less than needed', () => {
    // Two secrets, by different first pieces, with the same share at place 1: any secret fits the share.
    const which = { shares: 2, needed: 2 };
    const one = randomBytes(2 * pieceBytes);
    const other = Buffer.from(one);
    other.fill(7, pieceBytes);
    const [first, second] = [split(which, one), split(which, other)];
    expect(first.shares[0]).toEqual(second.shares[0]);
    expect(first.secret).not.toEqual(second.secret);
  });

  it('is no more than its randomness, and takes all of it', () => {
    expect(() => split({ shares: 3, needed: 2 }, randomBytes(32))).toThrow(RangeError);
  });

  it('is not joined from what is no share', () => {
    const which = { shares: 3, needed: 2 };
    expect(join(which, [Buffer.alloc(31), Buffer.alloc(32, 1), undefined])).toBe(undefined);
    expect(join(which, [Buffer.alloc(32, 0xff), Buffer.alloc(32, 1), undefined])).toBe(undefined);
  });
});
