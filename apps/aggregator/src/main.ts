// Starts the aggregator: combines what holders masked, by query ID, and never learns whom a query is about.
import { countQueries, nodeChecks, openStoreNode, provideNode, querySeconds, receive } from '@anonymesh/courier';
import { endOnFault, readConfig, startApp, watchWellness } from '@anonymesh/runtime';
import { AggregatorModule, messages } from './aggregator.module.js';
import { watchDeadlines } from './collecting/deadlines.js';
import { aggregatorConfig, spoolOf } from './config.js';
import { openSpool, type SetNode } from './matching/spool.js';
import { tellSets } from './matching/tell-sets.js';
import { workOnSets } from './matching/work-on-sets.js';
import { handOverAtLeisure } from './releasing/hand-over.js';
import { sends } from './sends.js';
import { eraseExpired } from './store/erase-expired.js';
import { tables } from './store/tables.js';

endOnFault();
const config = readConfig(aggregatorConfig);
const opened = await openStoreNode(config, 'aggregator', 'aggregator', tables, eraseExpired);
const node: SetNode = { ...opened, spool: openSpool(spoolOf(config)) };
const { courier, log } = node;
const wellness = watchWellness(nodeChecks({ courier, config, sends, folders: [spoolOf(config)] }), node);
const working = [watchDeadlines(node), tellSets(node), handOverAtLeisure(node), ...(await workOnSets(node))];
countQueries({ ...node, knex: courier.store.knex, tables: ['queries'], states: ['open', 'decided', 'retracted'] });
querySeconds(node.metrics);

await startApp(
  {
    module: AggregatorModule,
    providers: provideNode(node, wellness.readiness),
  },
  {
    listen: config.listen,
    monitoring: config.monitoring,
    log,
    prepare: (app) => receive(app, node, messages),
    closers: () => [wellness, ...working, ...node.closers],
  },
);
