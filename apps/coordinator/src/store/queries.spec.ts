import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { evidenceTables } from '@anonymesh/evidence';
import { migrate, openStore, type Store } from '@anonymesh/store';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres, type PrivatePostgres } from '../../../../tests/servers/postgres.js';
import { eraseExpired, findByLookupId, findQuery, insertQuery, markDecided, type Query } from './queries.js';
import { tables } from './tables.js';

const query: Query = {
  id: 'ab'.repeat(16),
  manifest: 'a.b.c',
  slip: 'a.b.c.d.e',
  lookup_id: 'A'.repeat(22),
  requester: 'immigration',
  agreement: 'B'.repeat(43),
  state: 'open',
  deadline: 1_800_000_000_000,
  kept_until: 1_900_000_000_000,
};
const other = { ...query, id: 'cd'.repeat(16), lookup_id: 'C'.repeat(22) };

let postgres: PrivatePostgres;
let folder: string;
beforeAll(async () => {
  postgres = await startPostgres();
  folder = await mkdtemp(join(tmpdir(), 'anonymesh-coordinator-'));
}, 60_000);
afterAll(async () => {
  await postgres.stop();
  await rm(folder, { recursive: true });
});

describe.each(['embedded', 'postgres'] as const)('queries on the %s store', (kind) => {
  let store: Store;
  beforeAll(async () => {
    store = await openStore(
      kind === 'embedded' ? { kind, file: join(folder, 'store.db') } : { kind, url: postgres.url },
    );
    await migrate(store, [evidenceTables, ...tables]);
  });
  afterAll(() => store.close());
  beforeEach(() => store.knex('queries').delete());

  it('are found as they were kept, by id and by lookup id', async () => {
    expect(await insertQuery(store.knex, query)).toBe('new');
    expect(await findQuery(store.knex, query.id)).toEqual(query);
    expect(await findByLookupId(store.knex, query.lookup_id ?? '')).toEqual(query);
    expect(await findQuery(store.knex, other.id)).toBe(undefined);
    expect(await findByLookupId(store.knex, other.lookup_id ?? '')).toBe(undefined);
  });

  it('are kept once, however often they come, and never changed by it', async () => {
    await insertQuery(store.knex, query);
    expect(await insertQuery(store.knex, { ...query, slip: 'v.w.x.y.z' })).toBe('again');
    expect(await store.knex('queries')).toEqual([query]);
  });

  it('do not take the lookup id of another', async () => {
    await insertQuery(store.knex, query);
    expect(await insertQuery(store.knex, { ...other, lookup_id: query.lookup_id })).toBe('taken');
    expect(await insertQuery(store.knex, other)).toBe('new');
    expect(await store.knex('queries').pluck('id').orderBy('id')).toEqual([query.id, other.id]);
  });

  it('that come at the same time under one lookup id are kept once', async () => {
    const many = Array.from({ length: 8 }, (_, index) => ({ ...query, id: `${index}`.repeat(32) }));
    const kept = await Promise.all(
      many.map((each) => store.knex.transaction((transaction) => insertQuery(transaction, each))),
    );
    expect(kept.filter((each) => each === 'new')).toHaveLength(1);
    expect(kept.filter((each) => each === 'taken')).toHaveLength(7);
  });

  it('are decided once', async () => {
    await insertQuery(store.knex, query);
    expect(await Promise.all([1, 2, 3].map(() => markDecided(store.knex, query.id)))).toEqual(
      expect.arrayContaining([true, false, false]),
    );
    expect(await markDecided(store.knex, other.id)).toBe(false);
    expect((await findQuery(store.knex, query.id))?.state).toBe('decided');
  });

  it('are erased when their time has come, and not before', async () => {
    await insertQuery(store.knex, query);
    expect(await eraseExpired(store.knex, query.kept_until - 1)).toBe(0);
    expect(await eraseExpired(store.knex, query.kept_until)).toBe(1);
  });

  it('have no column for a person, nor for what was concluded', async () => {
    expect(Object.keys(await store.knex('queries').columnInfo()).sort()).toEqual(Object.keys(query).sort());
  });
});
