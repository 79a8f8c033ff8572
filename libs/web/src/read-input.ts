// Reads the body or the parameters of a request against a schema. What is wrong is told by field, in our own words,
// because the words of the schema library can repeat what was sent.
import { z } from 'zod';
import { type FieldError, Problem } from './problem.js';

/** The parsed input; throws the problem `invalid-input`, which names each wrong field. */
export function readInput<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.slice(0, mostErrors).map((issue) => fieldError(issue, input));
  throw Problem.of('invalid-input', { errors });
}

const mostErrors = 50;

function fieldError(issue: z.core.$ZodIssue, input: unknown): FieldError {
  const field = issue.path.map(segment).join('.');
  if (issue.code === 'invalid_type' && isMissing(issue.path, input)) {
    return { field, code: 'missing', message: 'must be given' };
  }
  const [code, message] = faults[issue.code];
  // The author of a schema wrote this message, for people to read.
  return { field, code, message: issue.code === 'custom' ? issue.message : message };
}

// Names of unknown fields are what the client made up, so they are not repeated either.
const faults: Record<z.core.$ZodIssue['code'], readonly [code: string, message: string]> = {
  invalid_type: ['wrong-type', 'has the wrong type'],
  too_big: ['too-big', 'is too long or too large'],
  too_small: ['too-small', 'is too short or too small'],
  invalid_format: ['wrong-format', 'is not in the right format'],
  not_multiple_of: ['wrong-value', 'is not one of the values allowed'],
  unrecognized_keys: ['unknown-field', 'has fields that are not known here'],
  invalid_union: ['wrong-value', 'is not one of the forms allowed'],
  invalid_key: ['unknown-field', 'has a field whose name is not allowed'],
  invalid_element: ['wrong-value', 'has an element that is not allowed'],
  invalid_value: ['wrong-value', 'is not one of the values allowed'],
  custom: ['wrong-value', 'is not allowed'],
};

function segment(key: PropertyKey): string {
  const name = String(key);
  return /^(?:[A-Za-z][A-Za-z_]{0,39}|\d{1,4})$/.test(name) ? name : '[withheld]';
}

function isMissing(path: readonly PropertyKey[], input: unknown): boolean {
  const found = path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    input,
  );
  return found === undefined;
}
