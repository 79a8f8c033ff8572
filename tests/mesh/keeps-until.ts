// What a party's store keeps, held to what docs/agreements.md says: every table is named there, and is empty once its time
// is over and not before; the log's entries can then be opened no more. Each app's spec brings its tables and its erasure.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { enter, entriesAbout, evidenceTables, place, runTables, witnessTables } from '@anonymesh/evidence';
import { migrate, openStore, type Migration, type Store } from '@anonymesh/store';
import type { Knex } from 'knex';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Keeping {
  /** As the document calls the party. */
  readonly party: string;
  readonly tables: readonly Migration[];
  readonly erase: (knex: Knex, now: number) => Promise<unknown>;
  /** Tables that stay. */
  readonly forEver?: readonly string[];
}

const query = 'ab'.repeat(16);
const time = 1_900_000_000_000;
const day = 86_400_000;

export function keepsUntil({ party, tables, erase, forEver = [] }: Keeping): void {
  describe(`what the ${party} keeps`, () => {
    let folder: string;
    let store: Store;
    let names: string[];
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'anonymesh-keeping-'));
      store = await openStore({ kind: 'embedded', file: join(folder, 'store.db') });
      const evidence = [evidenceTables, witnessTables, runTables];
      await migrate(store, evidence);
      const before = new Set(await tablesOf(store));
      await migrate(store, [...evidence, ...tables]);
      names = (await tablesOf(store)).filter((name) => !before.has(name)).sort();
    });
    afterAll(async () => {
      await store.close();
      await rm(folder, { recursive: true });
    });

    it('is gone when its time has come, and not before; its log can then be opened no more', async () => {
      const { knex } = store;
      for (const name of names) await knex(name).insert(await rowFor(store, name));
      await knex.transaction((work) => enter(work, [{ did: 'decided', what: 'outcome', query, words: 'said' }]));
      await knex.transaction((work) => place(work));
      const kept = async () => {
        const rows = await Promise.all(names.map((name) => knex(name).first()));
        return names.filter((_, index) => rows[index] !== undefined);
      };
      const salts = async () => (await entriesAbout(knex, query)).map(({ salt }) => salt?.length);
      await erase(knex, time - 1);
      expect([await kept(), await salts()]).toEqual([names, [16]]);
      await erase(knex, time);
      expect([await kept(), await salts()]).toEqual([names.filter((name) => forEver.includes(name)), [undefined]]);
    });

    it('is named in docs/agreements.md, and nothing else is', async () => {
      const text = await readFile(fileURLToPath(new URL('../../docs/agreements.md', import.meta.url)), 'utf8');
      const [, kept = ''] = /<!-- kept -->(.*)<!-- \/kept -->/s.exec(text) ?? [];
      const rows = [...kept.matchAll(/^\| (\w+) +\| `(\w+)`/gm)];
      const documented = rows.filter(([, whose]) => whose === party).map(([, , table]) => table);
      expect(documented.sort()).toEqual(names);
    });
  });
}

async function tablesOf({ knex }: Store): Promise<string[]> {
  const names: string[] = await knex('sqlite_master').where({ type: 'table' }).pluck('name');
  return names.filter((name) => !name.startsWith('sqlite_'));
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
