// Fewer statements, with fewer texts: on PostgreSQL each is a way to the server and back, and each text is parsed anew.
import type { Knex } from 'knex';

/**
 * Runs writes of one transaction that do not depend on each other. On PostgreSQL they are one statement: none sees what
 * another has written.
 */
export async function together(writes: readonly Knex.QueryBuilder[]): Promise<void> {
  const [last, ...others] = writes.toReversed();
  if (last === undefined) return;
  if (last.client.dialect !== 'postgresql') for (const each of writes) await each;
  else await others.reduce((all, each, index) => all.with(`write_${index}`, each), last);
}

/** Where the column has one of these values. On PostgreSQL its text is the same for any number of them. */
export function whereAmong<Record extends object, Result>(
  query: Knex.QueryBuilder<Record, Result>,
  column: string,
  values: readonly string[] | readonly number[],
): Knex.QueryBuilder<Record, Result> {
  if (query.client.dialect !== 'postgresql') return query.whereIn(column, values);
  return query.whereRaw('?? = any(?)', [column, [...values] as string[]]);
}

/** A column's type on PostgreSQL. */
export type ColumnType = 'bigint' | 'integer' | 'text' | 'bytea';

/** Rows of one shape, as a statement for `together`. On PostgreSQL its text is the same for any number of them. */
export function insertingRows<Row extends object>(
  knex: Knex,
  table: string,
  columns: Readonly<Record<keyof Row & string, ColumnType>>,
  rows: readonly Row[],
): Knex.QueryBuilder {
  const inserted = knex(table);
  if (inserted.client.dialect !== 'postgresql') return inserted.insert(rows);
  const names = Object.keys(columns) as (keyof Row & string)[];
  const lists = names.map((name) => `?::${columns[name]}[]`);
  const values = names.map((name) => rows.map((row) => row[name]));
  const text = `(${names.map(() => '??').join(', ')}) select * from unnest(${lists.join(', ')})`;
  return inserted.insert(knex.raw(text, [...names, ...(values as unknown as string[])]));
}
