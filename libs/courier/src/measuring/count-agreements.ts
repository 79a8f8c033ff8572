// How many agreements this party is in, by how they stand; and for whose word they wait, if they wait.
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

interface Counted {
  readonly knex: Knex;
  readonly trust: Trust;
  readonly standing: Ledger;
  readonly self: string;
}

export function countAgreements(metrics: Metrics, { knex, trust, standing, self }: Counted): void {
  const own = () =>
    [...trust.agreements.values()].filter(({ content }) => content.parties.some(({ id }) => id === self));
  const found = async () => {
    const hashes = own().map(({ hash }) => hash);
    return [...(await standing.standings(knex, hashes, Date.now())).values()];
  };
  metrics.gauge({
    name: 'anonymesh_agreements',
    help: 'Agreements of this party, by how they stand',
    labels: { standing: standings },
    read: async () => (await found()).map((each) => ({ labels: { standing: each.standing }, value: 1 })),
  });
  metrics.gauge({
    name: 'anonymesh_agreements_waiting_for',
    help: 'Agreements of this party that wait for that party’s node to say that they are in force',
    labels: { party: () => [...new Set(own().flatMap(({ content }) => content.parties.map(({ id }) => id)))] },
    read: async () => {
      const silent = (await found()).flatMap((each) => (each.standing === 'waiting' ? each.for : []));
      return silent.map((party) => ({ labels: { party }, value: 1 }));
    },
  });
}
