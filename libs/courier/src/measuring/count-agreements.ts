// How many agreements this party is in, by how they stand: one that waits, waits for somebody's node.
import type { Metrics } from '@anonymesh/runtime';
import type { Ledger } from '@anonymesh/standing';
import type { Standing, Trust } from '@anonymesh/trust';
import type { Knex } from 'knex';

const standings: readonly Standing['standing'][] = [
  'in-force',
  'waiting',
  'unsigned',
  'not-valid-today',
  'withdrawn',
  'superseded',
  'in-conflict',
];

export function countAgreements(
  metrics: Metrics,
  { knex, trust, standing, self }: { knex: Knex; trust: Trust; standing: Ledger; self: string },
): void {
  metrics.gauge({
    name: 'anonymesh_agreements',
    help: 'Agreements of this party, by how they stand',
    labels: { standing: standings },
    read: async () => {
      const own = [...trust.agreements.values()].filter(({ content }) => content.parties.some(({ id }) => id === self));
      const found = await standing.standings(
        knex,
        own.map(({ hash }) => hash),
        Date.now(),
      );
      return [...found.values()].map((each) => ({ labels: { standing: each.standing }, value: 1 }));
    },
  });
}
