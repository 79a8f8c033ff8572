// Starts a requester's node: seals what a caseworker asks, shows the one word that comes back, and never learns which
// holder said what.
import {
  checkpoint,
  notice,
  progress,
  relayMatches,
  relayOutcome,
  relayReceipt,
  relayRecheck,
} from '@anonymesh/protocol';
import { countQueries, nodeChecks, openStoreNode, provideNode, querySeconds, receive } from '@anonymesh/courier';
import { endOnFault, readConfig, startApp, watchWellness } from '@anonymesh/runtime';
import { openBearer, PAGES, ProblemFilter, secureHeaders } from '@anonymesh/web';
import { askCoordinator } from './asking/ask-coordinator.js';
import { ASKING, openAsking } from './asking/asking.js';
import { BEARER } from './bearer.js';
import { requesterConfig } from './config.js';
import { CHANGES, Changes } from './following/changes.js';
import { endQueries } from './following/end-queries.js';
import { openRequesterPages, pageControllers } from './open-pages.js';
import { PORTALS } from './portals.js';
import { RequesterUiModule } from './requester-ui.module.js';
import { ROUNDS, startRounds } from './rounds.js';
import { sends } from './sends.js';
import { eraseExpired } from './store/queries.js';
import { tables } from './store/tables.js';

endOnFault();
const config = readConfig(requesterConfig);
const node = await openStoreNode(config, 'requester', 'requester-ui', tables, eraseExpired);
const { courier, log, trust } = node;
const { store } = courier;
const wellness = watchWellness(nodeChecks({ courier, config, sends, issuer: config.oidc.issuer }), node);
const changes = new Changes();
const asking = openAsking({
  store,
  changes,
  log,
  askCoordinator: askCoordinator(courier, trust, log),
  limits: config.asking,
});
const askingRounds = startRounds('asking', () => asking.askDue(), { log });
const endingRounds = startRounds('ending', () => endQueries(store, changes), { log });
const pages = config.pages && openRequesterPages(config.pages, log, store, config.oidc.person);
countQueries({
  ...node,
  knex: courier.store.knex,
  tables: ['queries'],
  states: ['asking', 'waiting', 'retracting', 'decided', 'refused'],
});
querySeconds(node.metrics);

await startApp(
  {
    module: RequesterUiModule,
    controllers: pages === undefined ? [] : pageControllers,
    providers: [
      ...provideNode(node, wellness.readiness),
      { provide: BEARER, useValue: openBearer(config.oidc) },
      { provide: ASKING, useValue: asking },
      { provide: CHANGES, useValue: changes },
      { provide: ROUNDS, useValue: askingRounds },
      { provide: PAGES, useValue: pages },
      { provide: PORTALS, useValue: config.pages?.portals ?? {} },
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
      await receive(app, node, [progress, relayMatches, relayOutcome, relayReceipt, relayRecheck, checkpoint, notice]);
    },
    closers: () => [wellness, askingRounds, endingRounds, ...node.closers],
  },
);
