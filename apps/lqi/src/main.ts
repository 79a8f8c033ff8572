// Starts an LQI, a holder's node: it runs agreed questions on the holder's own database and lets out masked answers.
import { countQueries, nodeChecks, openStoreNode, provideNode, receive } from '@anonymesh/courier';
import { checkpoint, dispatch, notice, retract } from '@anonymesh/protocol';
import { matched } from '@anonymesh/protocol-answering';
import { exchange } from '@anonymesh/protocol-asking';
import { openPool } from '@anonymesh/psi';
import { endOnFault, keeperOf, loggable, orCannotStart, readConfig, startApp, watchWellness } from '@anonymesh/runtime';
import { openBearer, PAGES, ProblemFilter, secureHeaders } from '@anonymesh/web';
import { setFlagsFromString } from 'node:v8';
import { measureWaiting } from './approvals/measure-waiting.js';
import { BEARER } from './staff/bearer.js';
import { consoleControllers, openConsole } from './console/console.js';
import { issuerOf, led, lqiConfig } from './config.js';
import { openLog } from './disclosing/find.js';
import { openMarks } from './disclosing/marks.js';
import { LQI, type Lqi } from './lqi.js';
import { LqiModule } from './lqi.module.js';
import { measurePool } from './matching/measure-pool.js';
import { openSets } from './matching/open-sets.js';
import { openPairSecrets } from './outbound/pair-secrets.js';
import { testifyAtLeisure } from './outbound/testify.js';
import { holderChecks } from './overview/holder-checks.js';
import { openOverview } from './overview/overview.js';
import { openQuestions } from './questions/open-questions.js';
import { readTemplates } from './questions/templates.js';
import { sends } from './sends.js';
import { openSource } from './sources/open-source.js';
import { connectionOf } from './sources/connection-of.js';
import { eraseExpired } from './store/erase-expired.js';
import { tables } from './store/tables.js';
import { openTrials } from './trying/open-trials.js';

// Rows of a set are in use for a moment, and all at once: V8 would take them for what stays, and collect none of them
// before they fill 150 MB.
setFlagsFromString('--no-allocation-site-pretenuring');
endOnFault();
const config = readConfig(lqiConfig);
const node = await openStoreNode(config, 'holder', 'lqi', tables, eraseExpired);
const { courier, log, trust } = node;
const { self } = courier;
const source = orCannotStart(() => openSource(config.source), led.source);
const holder = {
  id: self.id,
  keyring: self.keyring,
  trust,
  templates: orCannotStart(() => readTemplates(config.templates), led.templates),
};
const mark = await openMarks(self, courier.store, Date.now());
const gate = { self, pairSecrets: openPairSecrets(), mark, releaseEvery: config.releaseEvery };
const questions = openQuestions({ node, holder, gate, source });
const { spill } = config;
const keeper = orCannotStart(() => keeperOf(spill), led.spill);
const pool = measurePool(await openPool(config.engine === undefined ? {} : { engine: config.engine }), node.metrics);
log.info('sets.engine', { engine: loggable.code(pool.engine), threads: pool.threads });
const sets = openSets({ node, holder, gate, source, pool, spill, keeper });
const issuer = issuerOf(config);
const wellness = watchWellness(
  [
    ...nodeChecks({ courier, config, sends, issuer, folders: [spill], connections: connectionOf(config.source) }),
    ...holderChecks({ holder, source, node }),
  ],
  node,
);
const lqi: Lqi = {
  node,
  holder,
  gate,
  questions,
  sets,
  disclosures: openLog(node, mark),
  overview: openOverview({ node, look: wellness.look }),
  tryPinned: openTrials(source),
};
measureWaiting(node.metrics, courier.store.knex);
countQueries({
  ...node,
  knex: courier.store.knex,
  tables: ['subqueries', 'set_queries'],
  states: ['open', 'answered', 'ended', 'refused', 'dropped', 'retracted'],
});
const testifying = testifyAtLeisure(node);
const home = new URL('.', import.meta.url);
const pages = config.pages && openConsole(config.pages, log, courier.store, home, config.oidc?.person);
const bearer = config.oidc && openBearer(config.oidc);

await startApp(
  {
    module: LqiModule,
    controllers: pages === undefined ? [] : consoleControllers,
    providers: [
      { provide: LQI, useValue: lqi },
      { provide: BEARER, useValue: bearer },
      { provide: PAGES, useValue: pages },
      ...provideNode(node, wellness.readiness),
    ],
  },
  {
    listen: config.listen,
    monitoring: config.monitoring,
    log,
    prepare: async (app) => {
      if (pages === undefined) app.useGlobalFilters(new ProblemFilter(log));
      else pages.serve(app);
      secureHeaders(app);
      await receive(app, node, [dispatch, exchange, matched, retract, checkpoint, notice]);
    },
    closers: () => [
      wellness,
      questions,
      sets, // before the source, which waits for who still reads it
      { name: 'source', close: () => source.close() },
      testifying,
      ...node.closers,
    ],
  },
);
