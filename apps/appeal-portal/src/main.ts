// Starts the appeal portal: shows the person a query was about who had concerns. It keeps nothing of that: its store counts
// tries, and holds what its pages keep of sessions.
import { nodeChecks, openStoreNode, provideNode, receive } from '@anonymesh/courier';
import { notice } from '@anonymesh/protocol';
import { endOnFault, readConfig, startApp, watchWellness } from '@anonymesh/runtime';
import { openBearer, PAGES, ProblemFilter, secureHeaders } from '@anonymesh/web';
import { AppealPortalModule } from './appeal-portal.module.js';
import { portalConfig } from './config.js';
import { APPEALS, openAppeals } from './explaining/appeals.js';
import { failAlike } from './explaining/fail-alike.js';
import { openMesh } from './explaining/mesh.js';
import { IDENTIFY, identifyBy } from './identify.js';
import { proxiesCheck } from './limiting/check-proxies.js';
import { slowGuessing } from './limiting/slow-guessing.js';
import { whoseBy } from './limiting/whose.js';
import { openPortalPages, pageControllers } from './open-pages.js';
import { sends } from './sends.js';
import { eraseOld, tables } from './store/tables.js';

endOnFault();
const config = readConfig(portalConfig);
const node = await openStoreNode(config, 'portal', 'appeal-portal', tables, eraseOld);
const { courier, log, metrics, trust } = node;
const { id, keyring, directory } = courier.self;
const wellness = watchWellness(
  [...nodeChecks({ courier, config, sends, issuer: config.oidc.issuer }), proxiesCheck(config)],
  node,
);
const { identityClaim, ...oidc } = config.oidc;
const appeals = openAppeals({
  mesh: openMesh(courier),
  trust,
  portal: { id, sealing: keyring.sealing, directory },
  failAlike: failAlike(config.floorMilliseconds, log, metrics),
  slow: slowGuessing(courier.store, whoseBy(keyring.secret('tries at the appeal portal, v1')), config.limits),
});
const pages = config.pages && openPortalPages(config.pages, log, courier.store, identityClaim);

await startApp(
  {
    module: AppealPortalModule,
    controllers: pages === undefined ? [] : pageControllers,
    providers: [
      ...provideNode(node, wellness.readiness),
      { provide: APPEALS, useValue: appeals },
      { provide: IDENTIFY, useValue: identifyBy(openBearer(oidc), identityClaim) },
      { provide: PAGES, useValue: pages },
    ],
  },
  {
    listen: config.listen,
    monitoring: config.monitoring,
    log,
    proxies: config.proxies,
    prepare: async (app) => {
      if (pages === undefined) app.useGlobalFilters(new ProblemFilter(log));
      else pages.serve(app);
      secureHeaders(app);
      await receive(app, node, [notice]);
    },
    closers: () => [wellness, ...node.closers],
  },
);
