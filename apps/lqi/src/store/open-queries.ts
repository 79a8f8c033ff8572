// What is open at this holder, as counts: nothing about whom it is.
import type { Knex } from 'knex';

export interface OpenQueries {
  readonly checks: number;
  readonly sets: number;
}

export async function countOpen(knex: Knex): Promise<OpenQueries> {
  const [checks] = await knex('subqueries').where({ state: 'open' }).count({ rows: '*' });
  const [sets] = await knex('set_queries').where({ state: 'open' }).count({ rows: '*' });
  return { checks: Number(checks?.['rows']), sets: Number(sets?.['rows']) };
}
