// What is open at this holder, as counts: nothing about whom it is.
import type { Knex } from 'knex';

export interface WaitingCounts {
  readonly checks: number;
  readonly sets: number;
  /** Queries that a person must approve, and records for whose release a person must decide. */
  readonly approvals: number;
  /** Of these, records. */
  readonly records: number;
  /** When the first of these is too late; milliseconds since 1970. */
  readonly approvalsDue: number | null;
}

export async function waitingCounts(knex: Knex, now: number): Promise<WaitingCounts> {
  const [checks] = await knex('subqueries').where({ state: 'open' }).count({ rows: '*' });
  const [sets] = await knex('set_queries').where({ state: 'open' }).count({ rows: '*' });
  const [approvals] = await knex('approvals')
    .join('set_queries', 'set_queries.query_id', 'approvals.query_id')
    .where({ state: 'open', decision: null })
    .where('due', '>', now)
    .count({ rows: '*' })
    .min({ due: 'due' });
  const due: unknown = approvals?.['due'] ?? null;
  const queries = await Promise.all(['subqueries', 'set_queries'].map((table) => queriesIn(knex, table, now)));
  const dues = [due, ...queries.map((each) => each.due)].filter((each) => each !== null).map(Number);
  return {
    checks: Number(checks?.['rows']),
    sets: Number(sets?.['rows']),
    records: Number(approvals?.['rows']),
    approvals: queries.reduce((sum, { rows }) => sum + rows, Number(approvals?.['rows'])),
    approvalsDue: dues.length === 0 ? null : Math.min(...dues),
  };
}

async function queriesIn(knex: Knex, table: string, now: number): Promise<{ rows: number; due: unknown }> {
  const open = knex(table).where({ state: 'open' }).where('needs', '>', 0).where('next_try', '>', now);
  const [found] = await open.count({ rows: '*' }).min({ due: 'next_try' });
  return { rows: Number(found?.['rows']), due: found?.['due'] ?? null };
}
