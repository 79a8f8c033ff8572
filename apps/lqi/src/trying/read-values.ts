// The values that a template is tried with before there is an agreement: texts by its parameters, as they are.
import type { Template } from '@anonymesh/trust';
import type { FieldError } from '@anonymesh/web';
import type { Parameters } from '../sources/source.js';

/** `asOf`, the day of asking, is today unless it is among them. */
export function readValues(
  { parameters }: Template,
  given: Readonly<Record<string, string>>,
  now: number,
): { readonly parameters: Parameters } | { readonly errors: readonly FieldError[] } {
  const valueOf = new Map([['asOf', new Date(now).toISOString().slice(0, 10)], ...Object.entries(given)]);
  const missing = parameters.filter((name) => !valueOf.has(name));
  const unknown = Object.keys(given).filter((name) => !parameters.includes(name));
  const errors: FieldError[] = [
    ...missing.map((field) => ({ field, code: 'missing', message: 'must be given' })),
    ...unknown.map((field) => ({ field, code: 'unknown-field', message: 'is no parameter of the template' })),
  ];
  if (errors.length > 0) return { errors };
  return { parameters: Object.fromEntries(parameters.map((name) => [name, valueOf.get(name) ?? ''])) };
}
