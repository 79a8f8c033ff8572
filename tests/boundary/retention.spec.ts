import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { enter, entriesAbout, evidenceTables, place, witnessTables } from '@anonymesh/evidence';
import { migrate, openStore, type Migration, type Store } from '@anonymesh/store';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eraseExpired as eraseAggregator } from '../../apps/aggregator/src/store/erase-expired.js';
import { tables as aggregatorTables } from '../../apps/aggregator/src/store/tables.js';
import { eraseOld as erasePortal, tables as portalTables } from '../../apps/appeal-portal/src/store/tables.js';
import { eraseExpired as eraseCoordinator } from '../../apps/coordinator/src/store/queries.js';
import { tables as coordinatorTables } from '../../apps/coordinator/src/store/tables.js';
import { eraseExpired as eraseLqi } from '../../apps/lqi/src/store/erase-expired.js';
import { tables as lqiTables } from '../../apps/lqi/src/store/tables.js';
import { eraseExpired as eraseRequester } from '../../apps/requester-ui/src/store/queries.js';
import { tables as requesterTables } from '../../apps/requester-ui/src/store/tables.js';
import { marked } from './documents.js';

const parties = [
  ['requester', requesterTables, eraseRequester],
  ['coordinator', coordinatorTables, eraseCoordinator],
  ['holder', lqiTables, eraseLqi],
  ['aggregator', aggregatorTables, eraseAggregator],
  ['portal', portalTables, erasePortal],
] as const;
/** Found nothing with it would be, once it is gone: all marks are made with it. */
const forEver = ['mark_secrets'];

const query = 'ab'.repeat(16);
const time = 1_900_000_000_000;
const day = 86_400_000;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'anonymesh-retention-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function open(party: string, tables: readonly Migration[]): Promise<{ store: Store; names: string[] }> {
  const store = await openStore({ kind: 'embedded', file: join(folder, `${party}.db`) });
  await migrate(store, [evidenceTables, witnessTables]);
  const listed = () => store.knex('sqlite_master').where({ type: 'table' }).pluck('name') as Promise<string[]>;
  const before = new Set(await listed());
  await migrate(store, [evidenceTables, witnessTables, ...tables]);
  const names = (await listed()).filter((name) => !before.has(name) && !name.startsWith('sqlite_'));
  return { store, names: names.sort() };
}

/** A row about that query whose time is over at `time`, whatever else the table has. */
async function rowFor({ knex }: Store, table: string): Promise<object> {
  const columns = await knex(table).columnInfo();
  return Object.fromEntries(
    Object.entries(columns).flatMap(([name, { type }]): [string, string | number | Buffer][] => {
      if (name === 'id' && type === 'integer') return [];
      if (name === 'query_id' || name === 'id') return [[name, query]];
      if (name === 'kept_until' || name === 'until') return [[name, time]];
      if (name === 'at') return [[name, time - day - 1]];
      if (type === 'blob') return [[name, Buffer.from('x')]];
      return [[name, /char|text/.test(type) ? 'x' : 1]];
    }),
  );
}

describe.each(parties)('what the %s keeps', (party, tables, erase) => {
  it('is gone when its time has come, and not before; its log can then be opened no more', async () => {
    const { store, names } = await open(party, tables);
    const { knex } = store;
    for (const name of names) await knex(name).insert(await rowFor(store, name));
    await knex.transaction((work) => enter(work, [{ did: 'decided', what: 'outcome', query, words: 'said' }]));
    await knex.transaction((work) => place(work));
    const kept = async () => {
      const counts = await Promise.all(names.map(async (name) => [name, (await knex(name)).length] as const));
      return counts.filter(([, count]) => count > 0).map(([name]) => name);
    };
    const salts = async () => (await entriesAbout(knex, query)).map(({ salt }) => salt?.length);
    await erase(knex, time - 1);
    expect([await kept(), await salts()]).toEqual([names, [16]]);
    await erase(knex, time);
    expect([await kept(), await salts()]).toEqual([names.filter((name) => forEver.includes(name)), [undefined]]);
    await store.close();
  });
});

describe('docs/agreements.md', () => {
  it('names all that is kept, and nothing that is not', async () => {
    const text = await readFile(fileURLToPath(new URL('../../docs/agreements.md', import.meta.url)), 'utf8');
    const documented = [...marked(text, 'kept').matchAll(/^\| (\w+) +\| `(\w+)`/gm)].map(
      ([, party, table]) => `${party} ${table}`,
    );
    const found: string[] = [];
    for (const [party, tables] of parties) {
      const { store, names } = await open(`${party}-named`, tables);
      found.push(...names.map((name) => `${party} ${name}`));
      await store.close();
    }
    expect(documented.sort()).toEqual(found.sort());
  });
});
