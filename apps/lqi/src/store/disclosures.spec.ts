import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { evidenceTables } from '@anonymesh/evidence';
import { migrate, openStore, type Store } from '@anonymesh/store';
import { startPostgres, type PrivatePostgres } from '../../../../tests/servers/postgres.js';
import { answerTimes } from './answer-times.js';
import {
  countDisclosures,
  everyDisclosure,
  insertDisclosures,
  listDisclosures,
  type Disclosure,
} from './disclosures.js';
import { eraseExpired } from './erase-expired.js';
import { tables } from './tables.js';

const noon = Date.UTC(2026, 5, 15, 12);
const day = 86_400_000;
const row: Disclosure = {
  query_id: 'ab'.repeat(16),
  kind: 'answer',
  at: noon,
  asked_at: noon - 300,
  agreement: 'a'.repeat(43),
  agreement_id: 'right-to-remain',
  agreement_version: 3,
  template: 't'.repeat(43),
  template_id: 'tax-returns',
  template_version: 1,
  requester: 'immigration',
  recipient: 'aggregator',
  records: null,
  code: null,
  mark: 'm'.repeat(43),
  kept_until: noon + 30 * day,
};

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

describe.each(['embedded', 'postgres'] as const)('what left, on the %s store,', (kind) => {
  let store: Store;
  beforeAll(async () => {
    store = await openStore(
      kind === 'embedded' ? { kind, file: join(folder, 'store.db') } : { kind, url: postgres.url },
    );
    await migrate(store, [evidenceTables, ...tables]);
    await migrate(store, [evidenceTables, ...tables]); // a second start changes nothing
  });
  afterAll(() => store.close());
  beforeEach(() => store.knex('disclosures').delete());

  const insert = (...rows: readonly Partial<Disclosure>[]) =>
    store.knex.transaction((transaction) =>
      insertDisclosures(
        transaction,
        rows.map((change) => ({ ...row, ...change })),
      ),
    );
  const list = (wanted: { mark?: string; before?: number; limit?: number } = {}, now = noon) =>
    listDisclosures(store.knex, now, { limit: 50, ...wanted });

  it('is read as it was written', async () => {
    const set = {
      kind: 'tokens',
      records: 1024,
      mark: null,
      requester: null,
      asked_at: null,
      template_id: null,
    } as const;
    const testimony = { kind: 'testimony', mark: null, recipient: 'é'.repeat(200) } as const;
    await insert({}, set, testimony);
    const [third, second, first] = await list();
    expect(first).toEqual({ ...row, id: first?.id });
    expect(second).toEqual({ ...row, ...set, id: second?.id });
    expect(third).toEqual({ ...row, ...testimony, id: third?.id });
  });

  it('is not there if its transaction fails', async () => {
    const failed = store.knex.transaction(async (transaction) => {
      await insertDisclosures(transaction, [row]);
      throw new Error('the release failed');
    });
    await expect(failed).rejects.toThrow('the release failed');
    expect(await list()).toEqual([]);
  });

  it('is read page after page, the newest first, each row once, while more is written', async () => {
    await insert(...Array.from({ length: 250 }, (_, index) => ({ at: noon + index })));
    const first = await list({ limit: 100 });
    await insert({ at: noon + 999 });
    const second = await list({ limit: 100, before: first.at(-1)?.id ?? 0 });
    const third = await list({ limit: 100, before: second.at(-1)?.id ?? 0 });
    const times = [...first, ...second, ...third].map(({ at }) => at - noon);
    expect(times).toEqual(Array.from({ length: 250 }, (_, index) => 249 - index));
  });

  it('is read to the end, so many rows at a time', async () => {
    await insert(...Array.from({ length: 25 }, () => ({})));
    const sizes = [];
    for await (const rows of everyDisclosure(store.knex, noon, 10)) sizes.push(rows.length);
    expect(sizes).toEqual([10, 10, 5]);
  });

  it('is found by the mark of a person, and nothing of anybody else', async () => {
    const other = 'o'.repeat(43);
    await insert({}, { mark: other }, { mark: null }, { query_id: 'cd'.repeat(16), mark: other });
    expect((await list({ mark: other })).map(({ query_id }) => query_id)).toEqual(['cd'.repeat(16), row.query_id]);
    expect(await countDisclosures(store.knex, noon, other)).toBe(2);
    expect(await countDisclosures(store.knex, noon)).toBe(4);
    expect(await list({ mark: `${other}' or '1'='1` })).toEqual([]);
  });

  it('is not shown once its time is over, and then erased', async () => {
    await insert({ kept_until: noon }, {});
    expect(await list()).toHaveLength(1);
    expect(await countDisclosures(store.knex, noon)).toBe(1);
    expect(await eraseExpired(store.knex, noon - 1)).toBe(0);
    expect(await eraseExpired(store.knex, noon)).toBe(1);
    expect(await list({}, noon - 1)).toHaveLength(1);
  });

  it('is counted by day and by the time that it took', async () => {
    await insert(
      { at: noon - day },
      { at: noon - day, asked_at: noon - day - 1500, kind: 'refusal' },
      { asked_at: null, kind: 'refusal' }, // it is not known when that was asked
      { asked_at: noon - 60_000, kind: 'tokens' },
      { kind: 'points' }, // of a set, not its end
      { kind: 'testimony' }, // after it
      { at: noon - 9 * day },
    );
    const firstDay = Math.floor(noon / day) - 2;
    expect(await answerTimes(store.knex, { firstDay, now: noon, limits: [500, 2000] })).toEqual({
      perDay: [0, 2, 2],
      byTime: [1, 1, 1],
    });
  });

  it('is counted as nothing where nothing left', async () => {
    const firstDay = Math.floor(noon / day) - 1;
    expect(await answerTimes(store.knex, { firstDay, now: noon, limits: [500] })).toEqual({
      perDay: [0, 0],
      byTime: [0, 0],
    });
  });
});
