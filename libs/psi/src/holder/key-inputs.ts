// What is hashed to the group: a row's alternative keys, each under its label, so that no key can match another one.
import { lengthPrefixed, type MatchKey } from '@anonymesh/protocol';
import { canonicalField } from './canonical-field.js';

/**
 * A row of a holder's template → one input for each slot, undefined where the key is empty (a dummy stands for it).
 * `unfit`: a value is not of its format, or every key is empty; the set must not be used without that row unnoticed.
 */
export function keyInputs(
  keys: readonly MatchKey[],
  row: Readonly<Record<string, unknown>>,
): (Buffer | undefined)[] | 'unfit' {
  const inputs: (Buffer | undefined)[] = [];
  for (const { label, fields } of keys) {
    const values = fields.map(({ name, format }) => canonicalField(format, Object.hasOwn(row, name) ? row[name] : ''));
    if (!values.every((value) => value !== undefined)) return 'unfit';
    inputs.push(values.includes('') ? undefined : lengthPrefixed('anonymesh/psi/key/v1', label, ...values));
  }
  return inputs.some((input) => input !== undefined) ? inputs : 'unfit';
}

/** What every holder adds to its list: if they do not find the same word for it, they did not use the same keys. */
export function controlInput(): Buffer {
  return lengthPrefixed('anonymesh/psi/control/v1');
}
