// What somebody types to try a template: the fields that this holder would receive under the agreement, each in its
// canonical form, and withheld from every log from then on. What is wrong is told by field; a value never comes back.
import { canonicalText, type FieldFormat } from '@anonymesh/protocol';
import { Withheld, type SubjectFields } from '@anonymesh/protocol-asking';
import type { FieldError } from '@anonymesh/web';
import type { Agreed } from '../agreed/own-agreements.js';

export interface Sample {
  readonly fields: SubjectFields;
  /** yyyy-mm-dd: the day of asking. */
  readonly asOf: string;
}

export function readSample(
  { signed, terms }: Agreed,
  given: Readonly<Record<string, unknown>>,
  now: number,
): Sample | { readonly errors: readonly FieldError[] } {
  const errors: FieldError[] = [];
  const read = (name: string, format: FieldFormat, fallback?: string): Withheld => {
    const typed = Object.hasOwn(given, name) ? given[name] : undefined;
    const isMissing = typed === undefined || (typeof typed === 'string' && typed.trim() === '');
    if (isMissing && fallback !== undefined) return new Withheld(fallback);
    const value = typeof typed === 'string' ? canonicalText(format, typed) : undefined;
    if (value !== undefined) return new Withheld(value);
    errors.push(
      isMissing
        ? { field: name, code: 'missing', message: 'must be given' }
        : { field: name, code: 'wrong-format', message: 'is not in the right format' },
    );
    return new Withheld('');
  };
  const fields = Object.fromEntries(
    terms.receives.map((name) => [name, read(name, signed.content.fields[name]?.format ?? 'text')]),
  );
  const asOf = read('asOf', 'date', new Date(now).toISOString().slice(0, 10)).reveal();
  const known = new Set([...terms.receives, 'asOf']);
  if (!Object.keys(given).every((name) => known.has(name)))
    errors.push({ field: '', code: 'unknown-field', message: 'has a field that this holder does not receive' });
  return errors.length > 0 ? { errors } : { fields, asOf };
}
