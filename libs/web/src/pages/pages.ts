// The pages of one surface: who visits, what is shown, and that no form is taken that was not made for its visitor. Open
// it in main.ts; a page is a controller that begins with `visit`.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Log } from '@anonymesh/runtime';
import type { Store } from '@anonymesh/store';
import { type Assets, type AssetSource, openAssets } from '../assets/assets.js';
import { sharedAssets } from '../assets/shared-assets.js';
import { openIdentityProvider } from '../signing-in/identity-provider.js';
import { openSignIn, type SignIn } from '../signing-in/sign-in.js';
import { PageFilter } from './page-filter.js';
import type { PagesConfig } from './pages-config.js';
import { openTemplates } from './templates.js';
import { openVisits, type NavigationItem, type Visits } from './visit.js';

/** The token under which main provides the pages to Nest. */
export const PAGES = Symbol('pages');

export interface PagesOptions {
  readonly config: PagesConfig;
  readonly log: Log;
  /** The app's own, with `sessionTables` in it. */
  readonly store: Pick<Store, 'knex'>;
  /** What people call this surface; it is in the header and in every title. */
  readonly surface: string;
  /** `new URL('.', import.meta.url)` in main.ts: templates are named by their path from there. */
  readonly templates: URL;
  readonly navigation: readonly NavigationItem[];
  /** Scripts and styles of this surface alone; templates refer to them with `asset('name')`. */
  readonly assets?: readonly AssetSource[];
  /** The claim that tells who somebody is, the same as for bearer tokens; `sub` by default. */
  readonly person?: string;
  /** Claims of the ID token to keep in the session, beside `roles`. */
  readonly claims?: readonly string[];
}

export interface Pages extends Visits {
  readonly assets: Assets;
  readonly signIn: SignIn;
  /** For `prepare`, in place of `app.useGlobalFilters`: errors become pages for browsers, and problems for programs. */
  serve(app: NestFastifyApplication): void;
}

export function openPages(options: PagesOptions): Pages {
  const { config, log, store, templates, person = 'sub', claims = [] } = options;
  const secret = readFileSync(config.sessionSecret);
  const assets = openAssets([...sharedAssets, ...(options.assets ?? [])]);
  const render = openTemplates(fileURLToPath(templates), assets);
  const provider = openIdentityProvider(config);
  const signIn = openSignIn({ config, provider, secret, claims: { person, kept: claims }, store, log });
  const visits = openVisits({ ...options, render, signIn, provider });
  const pages: Pages = {
    ...visits,
    assets,
    signIn,
    serve: (app) => void app.useGlobalFilters(new PageFilter(pages, log)),
  };
  return pages;
}
