// The ways in which holders' flags become one conclusion, as an agreement names them, and what each means in the open.

/** `any`: one concern is enough. `all`: every holder must have one. `atLeast`: so many must, 1 … number of holders. */
export type Combination = 'any' | 'all' | { readonly atLeast: number };

export type Conclusion = 'clear' | 'concern';

/**
 * The conclusion from flags that are in the open, one per holder. The blind combination never sees them: this is for the
 * portal, which has opened the explanations and checks that together they give the signed outcome.
 */
export function conclude(flags: readonly boolean[], combination: Combination): Conclusion {
  requireCombination(combination, flags.length);
  const concerns = flags.filter(Boolean).length;
  return concerns >= enough(combination, flags.length) ? 'concern' : 'clear';
}

/** Throws a `RangeError` where there are not two holders to hide among, or `atLeast` is not 1 … number of holders. */
export function requireCombination(combination: Combination, holders: number): void {
  if (!Number.isSafeInteger(holders) || holders < 2) throw new RangeError('a blind combination takes two holders');
  const needed = enough(combination, holders);
  if (!Number.isSafeInteger(needed) || needed < 1 || needed > holders) {
    throw new RangeError('at least how many is between one and the number of holders');
  }
}

function enough(combination: Combination, holders: number): number {
  if (combination === 'any') return 1;
  if (combination === 'all') return holders;
  return combination.atLeast;
}
