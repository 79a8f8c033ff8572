// Released records as a table to be sorted and paged through. The address holds the number of a column, never a value.
import { fieldWords } from '@anonymesh/web';
import { z } from 'zod';
import type { RecordList } from '../record-list.js';

export interface RecordTable {
  readonly columns: readonly {
    readonly text: string;
    readonly href: string;
    readonly sorted: 'ascending' | 'descending' | 'none';
  }[];
  readonly rows: readonly (readonly string[])[];
  readonly page: number;
  readonly pages: number;
}

/** `column`: 0 is the holder. `down`: the last one first. */
const sorting = z.object({
  column: z.coerce.number().int().min(0).max(1000).catch(0),
  down: z.literal('yes').optional().catch(undefined),
  page: z.coerce.number().int().min(1).max(100_000).catch(1),
});
export type Sorting = z.output<typeof sorting>;

const pageLength = 100;

export function readSorting(parameters: unknown): Sorting {
  return sorting.parse(parameters ?? {});
}

export function tableOf(path: string, records: RecordList['records'], { column, down, page }: Sorting): RecordTable {
  const fields = [...new Set(records.flatMap((record) => Object.keys(record.fields)))];
  const order = new Intl.Collator('en-GB', { numeric: true }).compare;
  const direction = down === 'yes' ? -1 : 1;
  const rows = records
    .map((record) => [record.holderName, ...fields.map((field) => String(record.fields[field] ?? ''))])
    // As people see it: browsers show no blanks before a value, which holders' records have.
    .toSorted((a, b) => direction * order((a[column] ?? '').trim(), (b[column] ?? '').trim()));
  const titles = ['Holder', ...fields.map(fieldWords)];
  return {
    columns: titles.map((text, index) => {
      const isSorted = index === column;
      const href = addressOf(path, { column: index, down: isSorted && down !== 'yes' ? 'yes' : undefined, page: 1 });
      return { text, href, sorted: isSorted ? (down === 'yes' ? 'descending' : 'ascending') : 'none' };
    }),
    rows: rows.slice((page - 1) * pageLength, page * pageLength),
    page,
    pages: Math.max(1, Math.ceil(rows.length / pageLength)),
  };
}

export function addressOf(path: string, { column, down, page }: Sorting): string {
  const parameters = new URLSearchParams({
    ...(column === 0 ? {} : { column: String(column) }),
    ...(down === undefined ? {} : { down }),
    ...(page === 1 ? {} : { page: String(page) }),
  });
  return parameters.size === 0 ? path : `${path}?${parameters.toString()}`;
}
