// What waits for people, said once for the lists, the overview and the metric: queries that they must approve before
// anything is evaluated, and records that matched, on whose release they decide.
import type { Knex } from 'knex';
import type { SetQuery } from './set-queries.js';
import type { Subquery } from './subqueries.js';

/** Of either kind of query. */
export const queryTables = ['subqueries', 'set_queries'] as const;

type Row = Subquery | SetQuery;

/** Queries; `next_try` is when the time to decide is over. */
export function queriesWaiting(knex: Knex, table: (typeof queryTables)[number], now: number) {
  return knex<Row>(table).where({ state: 'open' }).where('needs', '>', 0).where('next_try', '>', now);
}

/** Records, each beside its query. */
export function recordsWaiting(knex: Knex, now: number) {
  return knex('approvals')
    .join('set_queries', 'set_queries.query_id', 'approvals.query_id')
    .where({ state: 'open', decision: null })
    .where('due', '>', now);
}

export interface WaitingForPeople {
  /** Before they are evaluated. */
  readonly queries: number;
  readonly records: number;
  /** Queries that these records are of. */
  readonly releases: number;
  /** When the first of queries and records is too late, milliseconds since 1970; null where nothing waits. */
  readonly due: number | null;
}

export async function countForPeople(knex: Knex, now: number): Promise<WaitingForPeople> {
  const [records] = await recordsWaiting(knex, now)
    .count({ records: '*' })
    .countDistinct({ releases: 'approvals.query_id' })
    .min({ due: 'due' });
  const queries = await Promise.all(
    queryTables.map((table) =>
      queriesWaiting(knex, table, now).count({ queries: '*' }).min({ due: 'next_try' }).first(),
    ),
  );
  const dues = [records, ...queries].map((each): unknown => each?.['due'] ?? null).filter((due) => due !== null);
  return {
    queries: queries.reduce((sum, found) => sum + Number(found?.['queries']), 0),
    records: Number(records?.['records']),
    releases: Number(records?.['releases']),
    due: dues.length === 0 ? null : Math.min(...dues.map(Number)),
  };
}
