// What is counted at every node: how much is on its way to it, and how much it has not got rid of.
import type { Metrics } from '@anonymesh/runtime';
import { ownConsumer } from '../broker/connect-party.js';
import type { StoreCourier } from '../courier.js';

export function measureNode({ self, party, store }: StoreCourier, metrics: Metrics): void {
  metrics.gauge({
    name: 'anonymesh_outbox_messages',
    help: 'Messages that wait for the broker to take them',
    labels: {},
    read: async () => {
      const [row] = await store.knex('outbox').count({ rows: '*' });
      return [{ labels: {}, value: Number(row?.['rows']) }];
    },
  });
  const { kind } = self;
  metrics.gauge({
    name: 'anonymesh_stream_lag_messages',
    help: 'Messages on the broker that this party has not settled yet',
    labels: {},
    read: async () => {
      const info = await (await ownConsumer(party, kind)).info();
      return [{ labels: {}, value: info.num_pending + info.num_ack_pending }];
    },
  });
}
