import { describe, expect, it } from '@jest/globals';
import { niNumberAt } from './ni-number.js';

// As HMRC's National Insurance Manual (NIM39110) gives the format.
const valid = /^(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-D]$/;

describe('invented NI numbers', () => {
  it('have the format of real ones', () => {
    const numbers = Array.from({ length: 50_000 }, (_, place) => niNumberAt(place));
    expect(numbers.filter((number) => !valid.test(number))).toEqual([]);
  });

  it('are never given twice', () => {
    const given = new Set(Array.from({ length: 200_000 }, (_, place) => niNumberAt(place)));
    expect(given.size).toBe(200_000);
  });

  it('use many prefixes and every suffix', () => {
    const numbers = Array.from({ length: 5_000 }, (_, place) => niNumberAt(place));
    expect(new Set(numbers.map((number) => number.slice(0, 2))).size).toBeGreaterThan(300);
    expect(new Set(numbers.map((number) => number.at(-1)))).toEqual(new Set('ABCD'));
  });
});
