// Starts the aggregator: combines what holders masked, by query ID, and never learns whom a query is about.
import { openStoreNode, provideNode, receive } from '@anonymesh/courier';
import { expect } from '@anonymesh/protocol';
import { answer, explain, refusal } from '@anonymesh/protocol-answering';
import { endOnFault, readConfig, startApp } from '@anonymesh/runtime';
import { AggregatorModule } from './aggregator.module.js';
import { watchDeadlines } from './collecting/deadlines.js';
import { aggregatorConfig } from './config.js';
import { eraseExpired } from './store/erase-expired.js';
import { tables } from './store/tables.js';

endOnFault();
const config = readConfig(aggregatorConfig);
const node = await openStoreNode(config, 'aggregator', 'aggregator', tables, eraseExpired);
const { log } = node;
const deadlines = watchDeadlines(node);

await startApp(
  {
    module: AggregatorModule,
    providers: provideNode(node),
  },
  {
    listen: config.listen,
    log,
    prepare: (app) => receive(app, node, [expect, answer, refusal, explain]),
    closers: () => [deadlines, ...node.closers],
  },
);
