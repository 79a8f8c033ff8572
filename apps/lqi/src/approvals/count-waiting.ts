// How many queries wait for a person. Of set queries whose releases people decide not how many records: that would say how
// many matched.
import type { Metrics } from '@anonymesh/runtime';
import type { Knex } from 'knex';

export function countWaiting(metrics: Metrics, knex: Knex): void {
  metrics.gauge({
    name: 'anonymesh_approvals_waiting',
    help: 'Queries that wait for a person of this holder, before they are evaluated or before records are released',
    labels: { before: ['evaluation', 'release'] },
    read: async () => [
      { labels: { before: 'evaluation' }, value: await unapproved(knex) },
      { labels: { before: 'release' }, value: await unreleased(knex) },
    ],
  });
}

async function unapproved(knex: Knex): Promise<number> {
  const now = Date.now();
  const counts = await Promise.all(
    ['subqueries', 'set_queries'].map((table) =>
      knex(table).where({ state: 'open' }).where('needs', '>', 0).where('next_try', '>', now).count({ rows: '*' }),
    ),
  );
  return counts.reduce((sum, [row]) => sum + Number(row?.['rows']), 0);
}

async function unreleased(knex: Knex): Promise<number> {
  const [row] = await knex('approvals')
    .join('set_queries', 'set_queries.query_id', 'approvals.query_id')
    .where({ state: 'open', decision: null })
    .where('due', '>', Date.now())
    .countDistinct({ rows: 'approvals.query_id' });
  return Number(row?.['rows']);
}
