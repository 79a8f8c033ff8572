// Starts the coordinator: turns a request into one subquery for each holder, and sees only sealed bytes.
import {
  ask,
  checkpoint,
  notice,
  progress,
  relayMatches,
  relayOutcome,
  relayReceipt,
  relayRecheck,
  retract,
  slip,
} from '@anonymesh/protocol';
import { countQueries, nodeChecks, openStoreNode, provideNode, receive } from '@anonymesh/courier';
import { endOnFault, readConfig, startApp, watchWellness } from '@anonymesh/runtime';
import { coordinatorConfig } from './config.js';
import { CoordinatorModule } from './coordinator.module.js';
import { sends } from './sends.js';
import { eraseExpired } from './store/queries.js';
import { tables } from './store/tables.js';

endOnFault();
const config = readConfig(coordinatorConfig);
const node = await openStoreNode(config, 'coordinator', 'coordinator', tables, eraseExpired);
const { courier, log } = node;
const wellness = watchWellness(nodeChecks({ courier, config, sends }), node);
countQueries({
  ...node,
  knex: courier.store.knex,
  tables: ['queries'],
  states: ['open', 'decided', 'retracting', 'retracted'],
});

await startApp(
  {
    module: CoordinatorModule,
    providers: provideNode(node, wellness.readiness),
  },
  {
    listen: config.listen,
    monitoring: config.monitoring,
    log,
    prepare: (app) =>
      receive(app, node, [
        ask,
        slip,
        retract,
        checkpoint,
        notice,
        progress,
        relayMatches,
        relayOutcome,
        relayReceipt,
        relayRecheck,
      ]),
    closers: () => [wellness, ...node.closers],
  },
);
