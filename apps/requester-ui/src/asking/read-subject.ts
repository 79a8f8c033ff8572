// What a caseworker typed about a person becomes the agreement's fields, each in its canonical form. What is wrong is
// told by field and code; a value never comes back.
import type { Agreement } from '@anonymesh/protocol';
import { normalise, type SubjectFields, type Withheld } from '@anonymesh/protocol-asking';
import type { FieldError } from '@anonymesh/web';

export type Read = { readonly fields: SubjectFields } | { readonly errors: readonly FieldError[] };

/** All fields of the agreement must be there, and no others. */
export function readSubject({ fields }: Pick<Agreement, 'fields'>, given: Readonly<Record<string, unknown>>): Read {
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(fields, name));
  const errors = unknown.map((name) => errorAt(printableName(name), 'unknown-field'));
  const read: [name: string, value: Withheld][] = [];
  for (const [name, { format }] of Object.entries(fields)) {
    const typed = Object.hasOwn(given, name) ? given[name] : undefined;
    const value = typeof typed === 'string' ? normalise(format, typed) : undefined;
    if (value !== undefined) read.push([name, value]);
    else if (typed === undefined || typed === '') errors.push(errorAt(name, 'missing'));
    else errors.push(errorAt(name, typeof typed === 'string' ? 'wrong-format' : 'wrong-type'));
  }
  return errors.length > 0 ? { errors: errors.slice(0, mostErrors) } : { fields: Object.fromEntries(read) };
}

const mostErrors = 50;

const messages = {
  missing: 'must be given',
  'wrong-type': 'must be text',
  'wrong-format': 'is not in the right format',
  'unknown-field': 'is not a field of the agreement',
} as const;

function errorAt(name: string, code: keyof typeof messages): FieldError {
  return { field: `subject.${name}`, code, message: messages[code] };
}

/** A number put in the place of a name is not repeated. */
function printableName(name: string): string {
  return /^[A-Za-z][A-Za-z_]{0,31}$/.test(name) ? name : '[withheld]';
}
