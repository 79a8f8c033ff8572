// Starts the coordinator: turns a request into one subquery for each holder, and sees only sealed bytes.
import { ask, progress, relayOutcome, relayRecheck, slip } from '@anonymesh/protocol';
import { CourierStrategy, KeepFaults, NODE, openStoreNode } from '@anonymesh/courier';
import { LOG, METRICS, READINESS, readConfig, startApp } from '@anonymesh/runtime';
import { coordinatorConfig } from './config.js';
import { CoordinatorModule } from './coordinator.module.js';
import { tables } from './store/tables.js';

const config = readConfig(coordinatorConfig);
const node = await openStoreNode(config, 'coordinator', 'coordinator', tables);
const { courier, log } = node;

await startApp(
  {
    module: CoordinatorModule,
    providers: [
      { provide: NODE, useValue: node },
      { provide: LOG, useValue: log },
      { provide: METRICS, useValue: node.metrics },
      { provide: READINESS, useValue: node.readiness },
    ],
  },
  {
    listen: config.listen,
    log,
    prepare: async (app) => {
      const strategy = new CourierStrategy(courier, [ask, slip, progress, relayOutcome, relayRecheck], log);
      app.connectMicroservice({ strategy }).useGlobalFilters(new KeepFaults());
      await app.startAllMicroservices();
    },
    closers: () => node.closers,
  },
);
