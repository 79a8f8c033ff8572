// What a caseworker typed, shown to this caseworker again: it left its `Withheld` for the page of its own query and for
// nothing else.
import type { Agreement } from '@anonymesh/protocol';
import { readFields } from '../../store/fields.js';
import type { Query } from '../../store/queries.js';

/** In the agreement's order, with its labels. */
export function askedAbout({ fields }: Pick<Query, 'fields'>, agreement: Agreement | undefined) {
  const typed = readFields(fields);
  return Object.entries(agreement?.fields ?? {}).flatMap(([name, { label }]) => {
    const value = Object.hasOwn(typed, name) ? typed[name]?.reveal() : undefined;
    return value === undefined ? [] : [{ label, value }];
  });
}
