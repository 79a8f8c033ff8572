import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres, type PrivatePostgres } from '../../../tests/servers/postgres.js';
import { migrate, openStore, type Store } from './index.js';
import { countUses, eraseUses, forgetUses, freeAgainAt, useTables, type Use } from './uses.js';

let postgres: PrivatePostgres;
let folder: string;
beforeAll(async () => {
  postgres = await startPostgres();
  folder = await mkdtemp(join(tmpdir(), 'anonymesh-uses-'));
}, 60_000);
afterAll(async () => {
  await postgres.stop();
  await rm(folder, { recursive: true });
});

const start = 1_800_000_000_000;
const counter = { name: 'requester a', most: 2, within: 1000 };
const use = (id: string, at = start, counters: Use['counters'] = [counter]): Use => ({
  id,
  at,
  keptUntil: start + 5000,
  counters,
});

describe.each(['embedded', 'postgres'] as const)('uses on the %s store', (kind) => {
  let store: Store;
  beforeAll(async () => {
    store = await openStore(
      kind === 'embedded' ? { kind, file: join(folder, 'store.db') } : { kind, url: postgres.url },
    );
    await migrate(store, [useTables]);
  });
  afterAll(() => store.close());
  beforeEach(() => store.knex('uses').delete());

  const count = (...uses: Use[]) => store.knex.transaction((transaction) => countUses(transaction, uses));
  const over = { over: counter };

  it('are counted up to the most, and what is refused is not', async () => {
    expect(await count(use('1'), use('2'), use('3'), use('4'))).toEqual(['new', 'new', over, over]);
    expect(await count(use('5'))).toEqual([over]);
    expect(await store.knex('uses').pluck('id').orderBy('id')).toEqual(['1', '2']);
  });

  it('are counted once, however often they come, also when nothing is left', async () => {
    expect(await count(use('1'), use('1'))).toEqual(['new', 'again']);
    expect(await count(use('1'), use('2'))).toEqual(['again', 'new']);
    expect(await count(use('1'), use('2'), use('3'))).toEqual(['again', 'again', over]);
  });

  it('count until just before their time is over', async () => {
    await count(use('1', start), use('2', start + 1));
    expect(await count(use('3', start + 999))).toEqual([over]);
    expect(await count(use('3', start + 1000))).toEqual(['new']);
    expect(await count(use('4', start + 1000))).toEqual([over]);
    expect(await count(use('4', start + 1001))).toEqual(['new']);
  });

  it('are still counted by a clock that was set back', async () => {
    await count(use('1', start), use('2', start));
    expect(await count(use('3', start - 500_000))).toEqual([over]);
  });

  it('of one name leave others alone, and use up none of them where one refuses', async () => {
    const other = { ...counter, name: 'requester b' };
    const all = { name: 'all', most: 3, within: 1000 };
    expect(await count(use('1', start, [counter, all]), use('2', start, [counter, all]))).toEqual(['new', 'new']);
    expect(await count(use('3', start, [all, counter]))).toEqual([over]);
    expect(await count(use('4', start, [other, all]))).toEqual(['new']);
    expect(await count(use('5', start, [other, all]))).toEqual([{ over: all }]);
  });

  it('say when there is room again: once the oldest that counts has grown old', async () => {
    await count(use('1', start), use('2', start + 400));
    expect(await freeAgainAt(store.knex, counter)).toBe(start + 1000);
    expect(await count(use('3', start + 999))).toEqual([over]);
    expect(await count(use('3', start + 1000))).toEqual(['new']);
    expect(await freeAgainAt(store.knex, counter)).toBe(start + 1400);
  });

  it('are never too many, however many transactions count at once', async () => {
    const tries = Array.from({ length: 12 }, (_, index) => count(use(`${index}`)));
    const counted = (await Promise.all(tries)).flat();
    expect(counted.filter((each) => each === 'new')).toHaveLength(2);
  });

  it('that did not happen, for their transaction did not, are not counted', async () => {
    await expect(
      store.knex.transaction(async (transaction) => {
        await countUses(transaction, [use('1'), use('2')]);
        throw new Error('killed');
      }),
    ).rejects.toThrow('killed');
    expect(await count(use('3'), use('4'))).toEqual(['new', 'new']);
    await forgetUses(store.knex, ['3']);
    expect(await count(use('5'))).toEqual(['new']);
  });

  it('are erased when their time has come, and not before', async () => {
    await count(use('1'));
    expect(await eraseUses(store.knex, start + 4999)).toBe(0);
    expect(await eraseUses(store.knex, start + 5000)).toBe(1);
  });
});
