import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { lengthPrefixed } from './length-prefixed.js';

describe('lengthPrefixed', () => {
  it('writes each length in four bytes, big-endian, and strings in UTF-8', () => {
    expect(lengthPrefixed(['é', Uint8Array.of(), 'ab']).toString('hex')).toBe('00000002c3a900000000000000026162');
  });

  it('writes two different lists of parts differently', () => {
    const lists = fc.array(fc.string({ maxLength: 6, unit: fc.constantFrom('\0', 'a') }), { maxLength: 4 });
    fc.assert(
      fc.property(lists, lists, (one, other) => {
        const same = JSON.stringify(one) === JSON.stringify(other);
        expect(lengthPrefixed(one).equals(lengthPrefixed(other))).toBe(same);
      }),
    );
  });
});
