// Repeatable chance for the sample records: the same numbers always roll the same dice. Not for cryptography.

export interface Dice {
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number;
  /** True in `percent` of a hundred rolls. */
  chance(percent: number): boolean;
  pick<T>(list: readonly T[]): T;
}

/**
 * Dice of their own for these numbers (a purpose and a person's number, say), so that a change in how one record is
 * drawn leaves all others as they were.
 */
export function diceFor(...numbers: readonly number[]): Dice {
  let state = numbers.reduce((mixed, number) => scramble(mixed ^ number), 0x2f6e2b1);
  // mulberry32: 32 bits of state are enough for the few dozen rolls that one record takes.
  const roll = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (low: number, high: number): number => low + Math.floor(roll() * (high - low + 1));
  return {
    between,
    chance: (percent) => roll() * 100 < percent,
    pick: <T>(list: readonly T[]): T => {
      const picked = list[between(0, list.length - 1)];
      if (picked === undefined) throw new RangeError('nothing to pick from');
      return picked;
    },
  };
}

/** MurmurHash3's finalizer: spreads neighbouring numbers over 32 bits, unsigned. */
export function scramble(number: number): number {
  let h = number | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
