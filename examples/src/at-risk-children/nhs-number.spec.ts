import { describe, expect, it } from '@jest/globals';
import { nhsNumberAt } from './nhs-number.js';

const weighed = (digits: string) => [...digits].reduce((sum, digit, at) => sum + Number(digit) * (10 - at), 0);

describe('an invented NHS number', () => {
  const places = [...Array(2_000).keys(), ...Array.from({ length: 3_000 }, (_, n) => n * 29_999)];
  const numbers = new Map(places.map((place) => [place, nhsNumberAt(place)]));

  it('has ten digits, of which the last one checks the others', () => {
    for (const number of numbers.values()) {
      expect(number).toMatch(/^9\d{9}$/);
      expect((weighed(number.slice(0, 9)) + Number(number[9])) % 11).toBe(0);
    }
  });

  it('is nobody else’s', () => {
    expect(new Set(numbers.values()).size).toBe(numbers.size);
  });

  it('is of those that no patient has, for the first 900,000', () => {
    for (const [place, number] of numbers) expect(number.startsWith('999')).toBe(place < 900_000);
  });

  it.each([-1, 0.5, 90_000_000])('is not at place %d', (place) => {
    expect(() => nhsNumberAt(place)).toThrow(RangeError);
  });
});
