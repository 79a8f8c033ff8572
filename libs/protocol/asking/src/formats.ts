// What people type, brought to the one form of its format, and withheld from every log from then on.
import { canonicalText, type FieldFormat } from '@anonymesh/protocol';
import { Withheld } from './withheld.js';

/** Text as typed → the canonical form (Unicode NFKC, case, spacing), or undefined where it is not of the format. */
export function normalise(format: FieldFormat, typed: string): Withheld | undefined {
  const canonical = canonicalText(format, typed);
  return canonical === undefined ? undefined : new Withheld(canonical);
}

/** Whether the text is in canonical form already: what a holder requires of what it is sent. */
export function isCanonical(format: FieldFormat, text: string): boolean {
  return normalise(format, text)?.reveal() === text;
}
