// The pages for subjects: every page is one of these controllers. Only the person who has signed in, with the reference of
// a query about them, is shown anything.
import type { Log } from '@anonymesh/runtime';
import type { Store } from '@anonymesh/store';
import { AssetsController, openPages, SignInController, type Pages, type PagesConfig } from '@anonymesh/web';
import { ExplanationPageController } from './explaining/page/explanation-page.controller.js';
import { StartController } from './start/start.controller.js';

export const pageControllers = [StartController, ExplanationPageController, SignInController, AssetsController];

const navigation = [{ text: 'Your reference', href: '/reference' }];

/** `identityClaim`: the verified identity, which the session keeps. */
export function openPortalPages(config: PagesConfig, log: Log, store: Store, identityClaim: string): Pages {
  const templates = new URL('.', import.meta.url);
  return openPages({ config, log, store, surface: 'Find out why', templates, navigation, claims: [identityClaim] });
}
