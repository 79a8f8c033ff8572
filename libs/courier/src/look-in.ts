// A node as another program of its app looks into it from its config file, whether or not it runs: its store, and what it
// has learned of agreements. Nothing is written, and nobody is spoken to.
import { existsSync } from 'node:fs';
import { CannotStart, cannotStart, causeOf, orCannotStart } from '@anonymesh/runtime';
import { openStore } from '@anonymesh/store';
import { openTrust, type Trust } from '@anonymesh/trust';
import { openingOf, storeLed, type NodeConfig, type NodeStoreConfig } from './node-config.js';
import { knowAgreements, type Knowing } from './wellness/know-agreements.js';

export interface LookedInto extends Knowing {
  readonly trust: Pick<Trust, 'agreements'>;
  readonly close: () => Promise<void>;
}

/** Throws a CannotStart where directory, agreements or store cannot be read, or the node has not run yet. */
export async function lookIn({
  party,
  trust: where,
  store,
}: Pick<NodeConfig, 'party' | 'trust'> & NodeStoreConfig): Promise<LookedInto> {
  const trust = orCannotStart(() => openTrust(where));
  const notYet = new CannotStart('there is no store yet: the node has not run');
  if (store.kind === 'embedded' && !existsSync(store.file)) throw notYet;
  const opening = store.kind === 'embedded' ? store : openingOf({ ...store, pool: 1 });
  const opened = await openStore(opening).catch((cause: unknown) => {
    throw cannotStart({ ...storeLed[store.kind], fault: `cannot be opened: ${causeOf(cause)}` }, cause);
  });
  const known = await knowAgreements(opened.knex, party, trust);
  if (known !== undefined) return { ...known, trust, close: () => opened.close() };
  await opened.close();
  throw notYet;
}
