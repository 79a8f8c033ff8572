import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { evidenceTables } from '@anonymesh/evidence';
import { migrate, openStore, type Store } from '@anonymesh/store';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres, type PrivatePostgres } from '../../../../tests/servers/postgres.js';
import { insertApprovals, waitingApprovals, type Approval } from './approvals.js';
import { waitingQueries } from './query-approvals.js';
import { insertSetQuery, type SetQuery } from './set-queries.js';
import { insertSubquery, type Subquery } from './subqueries.js';
import { tables } from './tables.js';
import { countForPeople } from './waiting-for-people.js';

const noon = Date.UTC(2026, 5, 15, 12);
const queryOf = (n: number) => n.toString(16).padStart(32, '0');
const asked = {
  agreement: 'a'.repeat(43),
  coordinator: 'coordinator',
  dispatched: '{}',
  state: 'open',
  code: null,
  due: noon + 9000,
  next_try: noon + 5000,
  needs: 1,
  kept_until: noon + 86_400_000,
} as const;
const check = (n: number, change: Partial<Subquery> = {}): Subquery => ({
  ...asked,
  query_id: queryOf(n),
  tries: 0,
  ...change,
});
const set = (n: number, change: Partial<SetQuery> = {}): SetQuery => ({
  ...asked,
  query_id: queryOf(n),
  seed: null,
  own_key: 'k',
  requester_key: 'k',
  keeper: 'here',
  stage: 'reading',
  reading: null,
  records: 0,
  sent: 0,
  told: 0,
  matched: null,
  ...change,
});
let made = 0;
const record = (query: number, change: Partial<Approval> = {}): Approval => ({
  id: `record-${(made += 1)}`,
  query_id: queryOf(query),
  record: 'sealed',
  decision: null,
  reason: null,
  decided_by: null,
  decided_at: null,
  ...change,
});

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

describe.each(['embedded', 'postgres'] as const)('what waits for people, on the %s store,', (kind) => {
  let store: Store;
  beforeAll(async () => {
    store = await openStore(
      kind === 'embedded' ? { kind, file: join(folder, 'store.db') } : { kind, url: postgres.url },
    );
    await migrate(store, [evidenceTables, ...tables]);
  });
  afterAll(() => store.close());
  beforeEach(async () => {
    for (const table of ['subqueries', 'set_queries', 'approvals']) await store.knex(table).delete();
  });

  const keep = (checks: readonly Subquery[], sets: readonly SetQuery[], records: readonly Approval[]) =>
    store.knex.transaction(async (transaction) => {
      for (const each of checks) await insertSubquery(transaction, each);
      for (const each of sets) await insertSetQuery(transaction, each);
      await insertApprovals(transaction, records);
    });
  const listed = async () => ({
    queries: (await waitingQueries(store.knex, noon)).map(({ query_id }) => query_id),
    records: (await waitingApprovals(store.knex, noon)).map(({ query_id }) => query_id),
  });

  it('is counted as it is listed: what is approved, late, over or decided is in neither', async () => {
    const needsNobody = { needs: 0 };
    await keep(
      [
        check(1, { due: noon + 1, next_try: noon + 1000 }),
        check(2, needsNobody),
        check(3, { next_try: noon }),
        check(4, { state: 'refused' }),
      ],
      [
        set(5, { needs: 2, due: noon + 2 }),
        set(6, { next_try: noon }),
        set(7, { state: 'retracted' }),
        set(8, { ...needsNobody, due: noon + 3000 }),
        set(9, { ...needsNobody, due: noon + 4000 }),
        set(10, { ...needsNobody, due: noon }),
        set(11, { ...needsNobody, state: 'ended' }),
      ],
      [
        ...[record(8), record(8), record(9)],
        ...[record(8, { decision: 'approve' }), record(9, { decision: 'refuse' }), record(10), record(11)],
      ],
    );
    const { queries, records } = await listed();
    expect(queries).toEqual([1, 5].map(queryOf));
    expect(records).toEqual([8, 8, 9].map(queryOf));
    expect(await countForPeople(store.knex, noon)).toEqual({
      queries: queries.length,
      records: records.length,
      releases: new Set(records).size,
      due: noon + 1000,
    });
  });

  it('is soonest due by a record where no query is sooner', async () => {
    await keep([check(1)], [set(2, { needs: 0, due: noon + 10 })], [record(2)]);
    expect(await countForPeople(store.knex, noon)).toMatchObject({ due: noon + 10 });
  });

  it('is nothing where nothing waits', async () => {
    expect(await listed()).toEqual({ queries: [], records: [] });
    expect(await countForPeople(store.knex, noon)).toEqual({ queries: 0, records: 0, releases: 0, due: null });
  });
});
