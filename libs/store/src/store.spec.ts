import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Knex } from 'knex';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { startPostgres, type PrivatePostgres } from '../../../tests/servers/postgres.js';
import {
  forgetDeleted,
  migrate,
  openStore,
  skipLocked,
  insertingRows,
  together,
  type Migration,
  type Store,
  type StoreConfig,
  whereAmong,
} from './index.js';

const notes: Migration = {
  name: '0001 notes',
  up: async (transaction) => {
    await transaction.schema.createTable('notes', (table) => {
      table.string('id').primary();
      table.binary('body');
      table.boolean('open');
      table.bigInteger('deadline');
    });
  },
};
const lines: Migration = {
  name: '0002 lines',
  up: (transaction) =>
    transaction.schema.createTable('lines', (table) => {
      table.increments('line');
      table.string('note').notNullable().references('id').inTable('notes');
    }),
};

let postgres: PrivatePostgres;
let folder: string;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'anonymesh-store-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe.each(['embedded', 'postgres'] as const)('the %s store', (kind) => {
  let store: Store;
  let config: StoreConfig;
  beforeEach(async () => {
    config = kind === 'embedded' ? { kind, file: join(folder, 'state', 'store.db') } : { kind, url: postgres.url };
    store = await openStore(config);
    await migrate(store, [notes, lines]);
  });
  afterEach(async () => {
    if (kind === 'postgres') await store.knex.raw('drop schema public cascade; create schema public');
    await store.close();
  });

  const ids = () => store.knex('notes').orderBy('id').pluck<string[]>('id');

  it('gives back bytes as Buffer, truth as boolean and large whole numbers as number', async () => {
    const note = { id: 'n', body: Buffer.from([0, 255, 39]), open: true, deadline: 1_800_000_000_000 };
    await store.knex('notes').insert([note, { id: 'o', body: new Uint8Array([7]), open: false, deadline: 3n }]);
    const [first, second] = await store.knex('notes').orderBy('id');
    expect(first).toEqual(note);
    expect(Buffer.isBuffer(first.body)).toBe(true);
    expect(second).toEqual({ id: 'o', body: Buffer.from([7]), open: false, deadline: 3 });
    expect(await store.knex('notes').where({ open: true }).count({ many: '*' })).toEqual([{ many: 1 }]);
    expect(await store.knex('notes').where({ body: note.body }).pluck('id')).toEqual(['n']);
  });

  it('answers what it wrote when asked to return it, and how much it changed when not', async () => {
    expect(await store.knex('notes').insert({ id: 'n', open: true }, ['id', 'open'])).toEqual([
      { id: 'n', open: true },
    ]);
    expect(await store.knex('notes').where({ id: 'n' }).update({ deadline: 5 })).toBe(1);
    expect(await store.knex('notes').where({ id: 'n' }).update({ open: false }, ['deadline'])).toEqual([
      { deadline: 5 },
    ]);
    expect(await store.knex('notes').where({ id: 'x' }).delete()).toBe(0);
  });

  it('ignores or merges a row that is there already', async () => {
    const insert = (deadline: number) => store.knex('notes').insert({ id: 'n', deadline }).onConflict('id');
    await insert(1).ignore();
    await insert(2).ignore();
    expect(await store.knex('notes').pluck('deadline')).toEqual([1]);
    expect(await insert(3).ignore().returning('id')).toEqual([]);
    await insert(4).merge();
    expect(await store.knex('notes').pluck('deadline')).toEqual([4]);
  });

  it('keeps nothing of a transaction that fails, and only what was saved of a nested one', async () => {
    const failing = store.knex.transaction(async (transaction) => {
      await transaction('notes').insert({ id: 'lost' });
      throw new Error('on purpose');
    });
    await expect(failing).rejects.toThrow('on purpose');
    await store.knex.transaction(async (outer) => {
      await outer('notes').insert({ id: 'kept' });
      const nested = outer.transaction(async (inner) => {
        await inner('notes').insert({ id: 'lost' });
        throw new Error('on purpose');
      });
      await expect(nested).rejects.toThrow('on purpose');
      await outer('notes').insert({ id: 'too' });
    });
    expect(await ids()).toEqual(['kept', 'too']);
  });

  it('enforces references', async () => {
    await expect(store.knex('lines').insert({ note: 'nowhere' })).rejects.toThrow();
  });

  it('does not put values into the errors of statements that fail', async () => {
    await store.knex('notes').insert({ id: 'QQ123456C' });
    const again: unknown = await store
      .knex('notes')
      .insert({ id: 'QQ123456C' })
      .catch((error: unknown) => error);
    expect(String(again)).toMatch(/insert into/);
    expect(String(again)).not.toContain('QQ123456C');
  });

  it('adds one to a number as often as it is told, from two copies at once', async () => {
    await store.knex('notes').insert({ id: 'n', deadline: 0 });
    const copy = await openStore(config);
    const addOne = ({ knex }: Store) =>
      knex.transaction(async (transaction) => {
        const found = transaction('notes').where({ id: 'n' }).select('deadline');
        const [note] = await (kind === 'postgres' ? found.forUpdate() : found);
        await new Promise(setImmediate);
        await transaction('notes').update({ deadline: note.deadline + 1 });
      });
    await Promise.all(Array.from({ length: 20 }, (_, turn) => addOne(turn % 2 === 0 ? store : copy)));
    expect(await store.knex('notes').pluck('deadline')).toEqual([20]);
    await copy.close();
  });

  it('writes several things together, all of them or nothing', async () => {
    await store.knex('notes').insert(['a', 'b', 'c', 'd'].map((id) => ({ id, body: Buffer.from(id) })));
    const writes = (knex: Knex, ...fresh: string[]) => [
      knex('lines').insert({ note: 'd' }),
      whereAmong(knex('notes'), 'id', ['a', 'c', "' or '1'='1"]).delete(),
      knex('notes').insert(fresh.map((id) => ({ id, body: Buffer.from([0, 255]) }))),
    ];
    await store.knex.transaction((transaction) => together(writes(transaction, 'e', 'f')));
    expect(await ids()).toEqual(['b', 'd', 'e', 'f']);
    expect(await store.knex('notes').where({ id: 'f' }).pluck('body')).toEqual([Buffer.from([0, 255])]);
    expect(await store.knex('lines').pluck('note')).toEqual(['d']);

    await expect(store.knex.transaction((transaction) => together(writes(transaction, 'g', 'b')))).rejects.toThrow();
    expect(await ids()).toEqual(['b', 'd', 'e', 'f']);
    await store.knex.transaction((transaction) => together(writes(transaction, 'h').slice(0, 2)));
    expect(await store.knex('lines').pluck('note')).toEqual(['d', 'd']);
    await together([]);
  });

  it('inserts any number of rows as they are, alone and together with others', async () => {
    const columns = { id: 'text', body: 'bytea', deadline: 'bigint' } as const;
    const odd = ['', 'NULL', '{}', '"', "'", '\\', '\\x00', 'a,b', ' é😀\n'];
    const rows = odd.map((text, index) => ({
      id: text,
      body: index % 2 === 0 ? Buffer.from(text) : null,
      deadline: Number.MAX_SAFE_INTEGER - index,
    }));
    const inserting = (knex: Knex, ...range: [number, number]) =>
      insertingRows(knex, 'notes', columns, rows.slice(...range));
    await inserting(store.knex, 0, 1);
    await store.knex.transaction((transaction) =>
      together([whereAmong(transaction('notes'), 'id', ['none']).delete(), inserting(transaction, 1, rows.length)]),
    );
    const stored = await store.knex('notes').orderBy('deadline', 'desc').select('id', 'body', 'deadline');
    expect(stored).toEqual(rows);
  });

  it('lets two copies claim different rows', async () => {
    await store.knex('notes').insert([{ id: 'a' }, { id: 'b' }]);
    const copy = await openStore(config);
    const claim = ({ knex }: Store) =>
      knex.transaction(async (transaction) => {
        const [note] = await skipLocked(transaction('notes').select('id').orderBy('id').limit(1));
        await new Promise(setImmediate);
        await transaction('notes')
          .where(note ?? {})
          .delete();
        return note?.id;
      });
    expect((await Promise.all([claim(store), claim(copy)])).sort()).toEqual(['a', 'b']);
    await copy.close();
  });

  it('is migrated once by copies that start together', async () => {
    let times = 0;
    const counted: Migration = {
      name: '0003 counted',
      up: async (transaction) => {
        times += 1;
        await transaction('notes').insert({ id: 'once' });
      },
    };
    const copies = await Promise.all(Array.from({ length: 4 }, () => openStore(config)));
    await Promise.all(copies.map((copy) => migrate(copy, [notes, lines, counted])));
    expect(times).toBe(1);
    expect(await ids()).toEqual(['once']);
    await Promise.all(copies.map((copy) => copy.close()));
  });

  it('changes nothing when a migration fails, and can be migrated later', async () => {
    const half: Migration = {
      name: '0003 half',
      up: async (transaction) => {
        await transaction.schema.alterTable('notes', (table) => table.string('half'));
        throw new Error('half way');
      },
    };
    await expect(migrate(store, [notes, lines, half])).rejects.toThrow('half way');
    expect(await store.knex.schema.hasColumn('notes', 'half')).toBe(false);
    await migrate(store, [notes, lines]);
  });

  it('refuses to be migrated by a program that is older than its tables, or with one name used twice', async () => {
    await expect(migrate(store, [notes])).rejects.toThrow('newer program');
    await expect(migrate(store, [notes, lines, lines])).rejects.toThrow('one name');
  });

  it('keeps what was committed when it is opened again', async () => {
    await store.knex('notes').insert({ id: 'n' });
    await store.close();
    store = await openStore(config);
    expect(await ids()).toEqual(['n']);
  });
});

describe('an embedded store', () => {
  it('is readable by its owner alone, its journal included', async () => {
    const file = join(folder, 'state', 'store.db');
    const store = await openStore({ kind: 'embedded', file });
    await migrate(store, [notes]);
    const modes = await Promise.all(
      [join(file, '..'), file, `${file}-wal`].map(async (path) => (await stat(path)).mode & 0o777),
    );
    expect(modes).toEqual([0o700, 0o600, 0o600]);
    await store.close();
  });

  it('keeps nothing of what was deleted and is to be forgotten, in the file or in its journal', async () => {
    const file = join(folder, 'store.db');
    const store = await openStore({ kind: 'embedded', file });
    await migrate(store, [notes]);
    const isKept = async () => {
      const files = await Promise.all([file, `${file}-wal`].map((each) => readFile(each)));
      return files.some((bytes) => bytes.includes('a person'));
    };
    await store.knex('notes').insert({ id: 'a person' });
    await store.knex('notes').delete();
    expect(await isKept()).toBe(true);
    await forgetDeleted(store);
    expect(await isKept()).toBe(false);
    await store.close();
  });

  it('waits, without stopping the process, while another holds the file', async () => {
    const file = join(folder, 'store.db');
    const store = await openStore({ kind: 'embedded', file });
    await migrate(store, [notes]);
    const other = new DatabaseSync(file);
    other.exec('begin immediate');
    const writing = store
      .knex('notes')
      .insert({ id: 'n' })
      .then(() => 'written');
    expect(await Promise.race([writing, new Promise((resolve) => setTimeout(resolve, 60, 'waiting'))])).toBe('waiting');
    other.exec('commit');
    other.close();
    expect(await writing).toBe('written');
    await store.close();
  });
});

describe('a store that cannot be reached', () => {
  it('is not opened, and says nothing of its address or password', async () => {
    const opening = openStore({ kind: 'postgres', url: 'postgres://user:secret@127.0.0.1:1/none' });
    await expect(opening).rejects.toThrow(/^the postgres store cannot be opened$/);
  });
});
