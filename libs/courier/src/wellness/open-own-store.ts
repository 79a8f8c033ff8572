// Opens a node's own store to look whether it answers, and makes none where there is none yet.
import { existsSync } from 'node:fs';
import { unknown, type Check, type Found } from '@anonymesh/runtime';
import { openStore } from '@anonymesh/store';
import type { Knex } from 'knex';
import { openingOf, type NodeStoreConfig } from '../node-config.js';
import { lastQueryCheck, storeCheck, storeSilent } from './check-store.js';

export interface OwnStore {
  readonly checks: readonly Check[];
  /** Where it answers. */
  readonly knex?: Knex;
  readonly close: () => Promise<void>;
}

export async function openOwnStore({ store }: NodeStoreConfig): Promise<OwnStore> {
  if (store.kind === 'embedded' && !existsSync(store.file)) {
    return none(unknown('There is no store yet.', 'The node makes it when it is started.'));
  }
  const opened = await openStore(store.kind === 'embedded' ? store : openingOf({ ...store, pool: 1 })).catch(
    () => undefined,
  );
  if (opened === undefined) return none(storeSilent);
  const { knex } = opened;
  return { checks: [storeCheck(knex), lastQueryCheck(knex)], knex, close: () => opened.close() };
}

function none(found: Found): OwnStore {
  return { checks: [{ name: 'store', look: async () => found, lost: found }], close: async () => undefined };
}
