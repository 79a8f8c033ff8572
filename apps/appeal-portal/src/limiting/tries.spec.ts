import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { evidenceTables } from '@anonymesh/evidence';
import { migrate, openStore, type Store, type StoreConfig } from '@anonymesh/store';
import { startPostgres, type PrivatePostgres } from '../../../../tests/servers/postgres.js';
import { day, eraseOld, tables } from '../store/tables.js';
import { countTry, type Counted } from './tries.js';

let postgres: PrivatePostgres;
let folder: string;
beforeAll(async () => {
  postgres = await startPostgres();
  folder = await mkdtemp(join(tmpdir(), 'anonymesh-tries-'));
});
afterAll(async () => {
  await postgres.stop();
  await rm(folder, { recursive: true });
});

describe.each(['embedded', 'postgres'] as const)('tries in the %s store', (kind) => {
  const opened: Store[] = [];
  const open = async () => {
    const config: StoreConfig = kind === 'embedded' ? { kind, file: join(folder, 'db') } : { kind, url: postgres.url };
    const store = await openStore(config);
    opened.push(store);
    await migrate(store, [evidenceTables, ...tables]);
    return store;
  };
  afterEach(async () => {
    await opened[0]?.knex('tries').delete();
    for (const each of opened.splice(0)) await each.close();
  });

  const under = (whose: string, perQuarterHour = 2): Counted => ({ whose, allowance: { perQuarterHour, perDay: 20 } });
  const allowed = (tries: readonly object[]) => tries.filter((each) => 'forget' in each).length;

  it('are as many as allowed, also when they are all made at once and by two copies of the portal', async () => {
    const [one, other] = [await open(), kind === 'postgres' ? await open() : (opened[0] as Store)];
    const stores = Array.from({ length: 40 }, (_, number) => (number % 2 === 0 ? one : other));
    const tried = await Promise.all(stores.map((store) => countTry(store, [under('a', 5), under('n', 100)])));
    expect(allowed(tried)).toBe(5);
    expect(allowed([await countTry(one, [under('b'), under('n', 100)])])).toBe(1);
  });

  it('are still known to a process that starts anew', async () => {
    const before = await open();
    const now = Date.now();
    await countTry(before, [under('a')], now);
    await countTry(before, [under('a')], now + 5);
    await before.close();
    opened.shift();
    expect(await countTry(await open(), [under('a')], now + 10)).toEqual({ againAt: now + 900_000 });
  });

  it('do not count when they are forgotten, or were turned away', async () => {
    const store = await open();
    const first = await countTry(store, [under('a', 1), under('n', 3)]);
    if (!('forget' in first)) throw new Error('the first must be allowed');
    await first.forget();
    expect(allowed([await countTry(store, [under('a', 1), under('n', 3)])])).toBe(1);
    for (let more = 0; more < 5; more += 1)
      expect(allowed([await countTry(store, [under('a', 1), under('n', 3)])])).toBe(0);
    expect(await store.knex('tries').where({ whose: 'n' })).toHaveLength(1);
  });

  it('are barred by either of those under which they are counted', async () => {
    const store = await open();
    for (const account of ['a', 'b', 'c']) await countTry(store, [under(account), under('n', 3)]);
    expect(allowed([await countTry(store, [under('d'), under('n', 3)])])).toBe(0);
    expect(allowed([await countTry(store, [under('d'), under('m', 3)])])).toBe(1);
  });

  it('are erased after a day', async () => {
    const store = await open();
    const now = Date.now();
    await countTry(store, [under('a')], now - day - 1);
    await countTry(store, [under('a')], now - day + 1000);
    expect(await eraseOld(store.knex, now)).toBe(1);
  });
});
