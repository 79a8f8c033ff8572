import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { evidenceTables } from '@anonymesh/evidence';
import { migrate, openStore, type Store } from '@anonymesh/store';
import { neededKeys } from './needed-keys.js';
import { insertSetQuery, type SetQuery } from './set-queries.js';
import { tables } from './tables.js';

let folder: string;
let store: Store;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lqi-needed-keys-'));
  store = await openStore({ kind: 'embedded', file: join(folder, 'store.sqlite') });
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

const query: SetQuery = {
  query_id: 'ab'.repeat(16),
  agreement: 'a'.repeat(43),
  coordinator: 'coordinator',
  dispatched: null,
  seed: null,
  own_key: 'of-a-query',
  requester_key: 'r'.repeat(43),
  keeper: 'here',
  state: 'open',
  stage: 'reading',
  code: null,
  reading: null,
  records: 0,
  sent: 0,
  told: 0,
  matched: null,
  due: 1,
  next_try: 1,
  needs: 0,
  kept_until: 1,
};

it('are those of the secret of the disclosure log and of sets that are under way, each once', async () => {
  await migrate(store, [evidenceTables, ...tables]);
  expect(await neededKeys(store.knex)).toEqual([]);
  await store.knex('mark_secrets').insert({ id: 1, own_key: 'of-the-log', sealed: 'x' });
  const queries: Partial<SetQuery>[] = [
    {},
    { query_id: 'cd'.repeat(16) },
    { query_id: 'ef'.repeat(16), own_key: 'of-an-ended-one', state: 'ended' },
  ];
  for (const each of queries)
    await store.knex.transaction((transaction) => insertSetQuery(transaction, { ...query, ...each }));
  expect((await neededKeys(store.knex)).sort()).toEqual(['of-a-query', 'of-the-log']);
});

it('are looked for wherever a table says to which own key something is sealed', async () => {
  await migrate(store, [evidenceTables, ...tables]);
  const named = `select tables.name from sqlite_master as tables, pragma_table_info(tables.name) as columns
    where tables.type = 'table' and columns.name = 'own_key'`;
  const sealing = await store.knex.from(store.knex.raw(`(${named}) as sealing`)).pluck<string[]>('name');
  expect(sealing.sort()).toEqual(['mark_secrets', 'set_queries']);
});

it('are none in a store that has not these tables yet', async () => {
  expect(await neededKeys(store.knex)).toEqual([]);
});
