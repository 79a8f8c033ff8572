// How many queries wait for a person. Of set queries whose releases people decide not how many records: that would say how
// many matched.
import type { Metrics } from '@anonymesh/runtime';
import type { Knex } from 'knex';
import { countForPeople } from '../store/waiting-for-people.js';

export function measureWaiting(metrics: Metrics, knex: Knex): void {
  metrics.gauge({
    name: 'anonymesh_approvals_waiting',
    help: 'Queries that wait for a person of this holder, before they are evaluated or before records are released',
    labels: { before: ['evaluation', 'release'] },
    read: async () => {
      const { queries, releases } = await countForPeople(knex, Date.now());
      return [
        { labels: { before: 'evaluation' }, value: queries },
        { labels: { before: 'release' }, value: releases },
      ];
    },
  });
}
