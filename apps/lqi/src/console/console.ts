// The console: pages for the holder's own staff, served beside its data. Nothing of it leaves the holder, and each page is
// for those who have a role for what it shows.
import { openPages, SignInController, AssetsController, type Pages, type PagesConfig } from '@anonymesh/web';
import type { Log } from '@anonymesh/runtime';
import type { Store } from '@anonymesh/store';
import { fileURLToPath } from 'node:url';
import { AgreementsPageController } from './agreements/agreements-page.controller.js';
import { QueryApprovalsPageController } from './approvals/query-approvals-page.controller.js';
import { ApprovalsPageController } from './approvals/approvals-page.controller.js';
import { DisclosuresPageController } from './disclosures/disclosures-page.controller.js';
import { OverviewPageController } from './overview/overview-page.controller.js';
import { rolesFor } from '../staff/roles.js';
import { TryingPageController } from './trying/trying-page.controller.js';

export const consoleControllers = [
  OverviewPageController,
  AgreementsPageController,
  TryingPageController,
  DisclosuresPageController,
  QueryApprovalsPageController,
  ApprovalsPageController,
  SignInController,
  AssetsController,
];

/**
 * `home`: the folder of the app's main.ts, from which templates are named. `person`: the claim that tells who somebody is.
 */
export function openConsole(config: PagesConfig, log: Log, store: Store, home: URL, person = 'sub'): Pages {
  return openPages({
    config,
    log,
    store,
    person,
    surface: 'Holder’s console',
    templates: home,
    navigation: [
      { text: 'Overview', href: '/', roles: rolesFor('look') },
      { text: 'Agreements', href: '/agreements', roles: rolesFor('look') },
      { text: 'Try a template', href: '/try', roles: rolesFor('try') },
      { text: 'Disclosure log', href: '/disclosures', roles: rolesFor('look') },
      { text: 'Approvals', href: '/approvals', roles: rolesFor('approve') },
    ],
    assets: [{ file: fileURLToPath(new URL('console/browser/console.css', home)) }],
  });
}
