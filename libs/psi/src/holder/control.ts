// What a holder derives from the point of the control, which all holders' lists have: the aggregator compares it.
import { base64url } from '@anonymesh/protocol';
import { othersOf, wordBytes } from './shape.js';
import { wordsOf, type WordsInput } from './words.js';

/** As it travels in `tokens`: base64url. Of no person, so both gates may be told. */
export interface Control {
  readonly tag: string;
  /** `given`: g(i→j), by which the other opens ours; `opens`: g(j→i), by which we open its. */
  readonly gates: { readonly holder: string; readonly given: string; readonly opens: string }[];
}

/** `points`: T(control) alone, 32 bytes. */
export function controlOf(input: WordsInput): Control {
  if (input.points.length !== 32) throw new RangeError('the control is one point');
  const { tags, theirs, ours } = wordsOf(input);
  const gates = othersOf(input.shape, input.holder).map((holder, other) => {
    const gateIn = (gates: Buffer) => base64url(gates.subarray(other * wordBytes, (other + 1) * wordBytes));
    return { holder, given: gateIn(ours), opens: gateIn(theirs) };
  });
  return { tag: base64url(tags), gates };
}
