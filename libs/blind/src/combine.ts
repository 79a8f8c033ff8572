// The combiner's part: masked flags become one conclusion, and nothing else can be read from them (in `atLeast`, also
// their number). Pure, so that an auditor or the portal can add the same signed numbers up again.
import { type Combination, type Conclusion, requireCombination } from './combination.js';
import type { MaskedFlag } from './mask.js';
import { add, decodeScalar } from './scalar.js';

/**
 * Why a person must look. `incomplete`: not one answer for each holder. `malformed`: not the encoding of a number below
 * ℓ. `mismatch`: the holders did not answer the same question with the same keys. `out-of-range`: no possible count.
 */
type ReferCode = 'incomplete' | 'malformed' | 'mismatch' | 'out-of-range';

export type Combined = { readonly outcome: Conclusion } | { readonly refer: ReferCode };

/**
 * Combines one answer from each of `holders` holders, in any order. The caller has checked whose they are; an answer
 * counted twice in place of another does not add up and is a `mismatch`. Throws a `RangeError` only on a combination
 * that no agreement can name.
 */
export function combine(answers: readonly MaskedFlag[], holders: number, combination: Combination): Combined {
  requireCombination(combination, holders);
  if (answers.length !== holders) return { refer: 'incomplete' };
  const masked = sum(answers.map((answer) => answer.masked));
  const check = sum(answers.map((answer) => answer.check));
  if (masked === undefined || check === undefined) return { refer: 'malformed' };
  if (check !== 0n) return { refer: 'mismatch' };

  if (combination === 'any') return { outcome: masked === 0n ? 'clear' : 'concern' };
  // Holders negated their flags: zero means that none lacked a concern.
  if (combination === 'all') return { outcome: masked === 0n ? 'concern' : 'clear' };
  if (masked > BigInt(holders)) return { refer: 'out-of-range' };
  return { outcome: masked >= BigInt(combination.atLeast) ? 'concern' : 'clear' };
}

function sum(encoded: readonly Uint8Array[]): bigint | undefined {
  let total = 0n;
  for (const bytes of encoded) {
    const scalar = decodeScalar(bytes);
    if (scalar === undefined) return undefined;
    total = add(total, scalar);
  }
  return total;
}
