// The requester's pages: what they are called, where one finds them, and which controllers they are.
import { fileURLToPath } from 'node:url';
import type { Log } from '@anonymesh/runtime';
import type { Store } from '@anonymesh/store';
import { AssetsController, openPages, SignInController, type Pages, type PagesConfig } from '@anonymesh/web';
import { NewQueryController } from './asking/new-query/new-query.controller.js';
import { MyQueriesController } from './following/my-queries/my-queries.controller.js';
import { QueryController } from './following/query/query.controller.js';
import { TakeBackController } from './following/take-back/take-back.controller.js';
import { RecordsPageController } from './matching/records/records-page.controller.js';
import { WhatWasSharedController } from './telling/what-was-shared/what-was-shared.controller.js';

export const pageControllers = [
  MyQueriesController,
  NewQueryController,
  QueryController,
  TakeBackController,
  RecordsPageController,
  WhatWasSharedController,
  SignInController,
  AssetsController,
];

/** `person`: the claim that tells who somebody is. */
export function openRequesterPages(config: PagesConfig, log: Log, store: Store, person = 'sub'): Pages {
  const browser = (name: string) => ({ file: fileURLToPath(new URL(`browser/${name}`, import.meta.url)) });
  return openPages({
    config,
    log,
    store,
    person,
    surface: 'Queries',
    templates: new URL('.', import.meta.url),
    navigation: [
      { text: 'My queries', href: '/' },
      { text: 'New query', href: '/new' },
    ],
    assets: ['follow.js', 'print.js', 'sort.js', 'requester.css'].map(browser),
  });
}
