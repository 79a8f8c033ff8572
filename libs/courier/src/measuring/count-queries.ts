// How many queries there are, by kind, state and agreement, counted in the store when somebody asks: true of all copies of
// an app together, and after a restart. What was concluded is no label.
import type { Metrics } from '@anonymesh/runtime';
import type { Trust } from '@anonymesh/trust';
import type { Knex } from 'knex';

export interface Counted {
  readonly metrics: Metrics;
  readonly trust: Trust;
  readonly knex: Knex;
  /** Each with a column `agreement`, its hash, and a column `state`. */
  readonly tables: readonly string[];
  /** All that a state can be. */
  readonly states: readonly string[];
}

export function countQueries({ metrics, trust, knex, tables, states }: Counted): void {
  const agreements = () => [...trust.agreements.values()].map(({ content }) => content);
  const read = async (table: string) => {
    const rows: unknown = await knex(table)
      .groupBy('agreement', 'state')
      .select('agreement', 'state')
      .count({ rows: '*' });
    return (rows as { agreement: string; state: string; rows: number }[]).map((row) => {
      const content = trust.agreements.get(row.agreement)?.content;
      const labels = { kind: content?.kind ?? 'other', agreement: content?.id ?? 'other', state: row.state };
      return { labels, value: Number(row.rows) };
    });
  };
  metrics.gauge({
    name: 'anonymesh_queries',
    help: 'Queries that are kept, by kind, state and agreement',
    labels: { kind: ['check', 'set'], state: states, agreement: () => [...new Set(agreements().map(({ id }) => id))] },
    read: async () => (await Promise.all(tables.map(read))).flat(),
  });
}
