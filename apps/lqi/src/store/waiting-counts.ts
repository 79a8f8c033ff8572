// What is open at this holder, as counts: nothing about whom it is.
import type { Knex } from 'knex';

export interface WaitingCounts {
  readonly checks: number;
  readonly sets: number;
  /** Records for whose release a person must decide. */
  readonly approvals: number;
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
  return {
    checks: Number(checks?.['rows']),
    sets: Number(sets?.['rows']),
    approvals: Number(approvals?.['rows']),
    approvalsDue: due === null ? null : Number(due),
  };
}
