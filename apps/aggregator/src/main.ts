// Starts the aggregator: combines what holders masked, by query ID, and never learns whom a query is about.
import { CourierStrategy, KeepFaults, NODE, openStoreNode } from '@anonymesh/courier';
import { expect } from '@anonymesh/protocol';
import { answer, explain, refusal } from '@anonymesh/protocol-answering';
import { LOG, METRICS, READINESS, readConfig, startApp } from '@anonymesh/runtime';
import { AggregatorModule } from './aggregator.module.js';
import { watchDeadlines } from './collecting/deadlines.js';
import { aggregatorConfig } from './config.js';
import { tables } from './store/tables.js';

const config = readConfig(aggregatorConfig);
const node = await openStoreNode(config, 'aggregator', 'aggregator', tables);
const { courier, log } = node;
const deadlines = watchDeadlines(node);

await startApp(
  {
    module: AggregatorModule,
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
      const strategy = new CourierStrategy(courier, [expect, answer, refusal, explain], log);
      app.connectMicroservice({ strategy }).useGlobalFilters(new KeepFaults());
      await app.startAllMicroservices();
    },
    closers: () => [deadlines, ...node.closers],
  },
);
