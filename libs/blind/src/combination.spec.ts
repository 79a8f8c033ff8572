import { describe, expect, it } from '@jest/globals';
import { type Combination, conclude } from './index.js';

const rows: [Combination, boolean[], string][] = [
  ['any', [false, false], 'clear'],
  ['any', [false, true], 'concern'],
  ['all', [false, true], 'clear'],
  ['all', [true, true], 'concern'],
  [{ atLeast: 2 }, [true, false, false], 'clear'],
  [{ atLeast: 2 }, [true, false, true], 'concern'],
];

describe('conclude', () => {
  it.each(rows)('for %j of %j is %s', (combination, flags, outcome) => {
    expect(conclude(flags, combination)).toBe(outcome);
  });

  it('throws where no agreement could have been', () => {
    expect(() => conclude([true], 'any')).toThrow(RangeError);
    expect(() => conclude([true, true], { atLeast: 3 })).toThrow(RangeError);
  });
});
