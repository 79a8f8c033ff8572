import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { evidenceTables } from '@anonymesh/evidence';
import { migrate, openStore, type Store } from '@anonymesh/store';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres, type PrivatePostgres } from '../../../../tests/servers/postgres.js';
import { closeSubqueries, insertSubquery, postpone, subqueriesToTry, type Subquery } from './subqueries.js';
import { eraseExpired } from './erase-expired.js';
import { tables } from './tables.js';

const open: Subquery = {
  query_id: 'ab'.repeat(16),
  agreement: 'A'.repeat(43),
  coordinator: 'coordinator',
  dispatched: '{"part":"sealed"}',
  state: 'open',
  code: null,
  due: 1_800_000_000_000,
  next_try: 1000,
  tries: 0,
  needs: 0,
  kept_until: 1_900_000_000_000,
};
const other = { ...open, query_id: 'cd'.repeat(16), next_try: 500 };

let postgres: PrivatePostgres;
let folder: string;
beforeAll(async () => {
  postgres = await startPostgres();
  folder = await mkdtemp(join(tmpdir(), 'anonymesh-lqi-'));
}, 60_000);
afterAll(async () => {
  await postgres.stop();
  await rm(folder, { recursive: true });
});

describe.each(['embedded', 'postgres'] as const)('subqueries on the %s store', (kind) => {
  let store: Store;
  beforeAll(async () => {
    store = await openStore(
      kind === 'embedded' ? { kind, file: join(folder, 'store.db') } : { kind, url: postgres.url },
    );
    await migrate(store, [evidenceTables, ...tables]);
  });
  afterAll(() => store.close());
  beforeEach(() => store.knex('subqueries').delete());

  const insert = (subquery: Subquery) => store.knex.transaction((transaction) => insertSubquery(transaction, subquery));
  const close = (state: 'answered' | 'refused', ...ids: string[]) =>
    store.knex.transaction((transaction) => closeSubqueries(transaction, ids, state));
  const all = () =>
    store
      .knex<Subquery>('subqueries')
      .select(Object.keys(open) as (keyof Subquery)[])
      .orderBy('query_id');

  it('are taken up once, whoever sends them again, also after they were answered', async () => {
    expect(await insert(open)).toBe(true);
    expect(await insert({ ...open, dispatched: 'other' })).toBe(false);
    await close('answered', open.query_id);
    expect(await insert(open)).toBe(false);
    expect(await all()).toEqual([{ ...open, state: 'answered', dispatched: null }]);
  });

  it('that come at the same time are taken up once', async () => {
    const taken = await Promise.all(Array.from({ length: 8 }, () => insert(open)));
    expect(taken.filter(Boolean)).toHaveLength(1);
  });

  it('are closed once, and what they were about is forgotten', async () => {
    await insert(open);
    await insert(other);
    const closed = await Promise.all([
      close('answered', open.query_id),
      close('refused', open.query_id),
      close('answered', open.query_id),
    ]);
    expect(closed.map((ids) => ids.size).sort()).toEqual([0, 0, 1]);
    const [first, second] = await all();
    expect(first?.dispatched).toBe(null);
    expect(second).toEqual(other);
  });

  it('are closed together, and only those that were open are named', async () => {
    await insert(open);
    await insert(other);
    await close('answered', other.query_id);
    expect(await close('answered', open.query_id, other.query_id, 'ef'.repeat(16))).toEqual(new Set([open.query_id]));
    expect(await close('answered')).toEqual(new Set());
  });

  it('are tried when their time has come, the longest waiting first, and not once they are closed', async () => {
    await insert(open);
    await insert(other);
    const ids = async (now: number, limit = 10) =>
      (await subqueriesToTry(store.knex, now, limit)).map((each) => each.query_id);
    expect(await ids(499)).toEqual([]);
    expect(await ids(500)).toEqual([other.query_id]);
    expect(await ids(1000)).toEqual([other.query_id, open.query_id]);
    expect(await ids(1000, 1)).toEqual([other.query_id]);
    await postpone(store.knex, other.query_id, 2000);
    expect(await ids(1000)).toEqual([open.query_id]);
    expect((await all())[1]).toMatchObject({ tries: 1, next_try: 2000 });
    await close('answered', open.query_id);
    expect(await ids(3000)).toEqual([other.query_id]);
  });

  it('are not postponed once they are closed', async () => {
    await insert(open);
    await close('refused', open.query_id);
    await postpone(store.knex, open.query_id, 9000);
    expect((await all())[0]).toMatchObject({ next_try: 1000, tries: 0 });
  });

  it('are erased when their time has come, and not before', async () => {
    await insert(open);
    expect(await eraseExpired(store.knex, open.kept_until - 1)).toBe(0);
    expect(await eraseExpired(store.knex, open.kept_until)).toBe(1);
  });
});
