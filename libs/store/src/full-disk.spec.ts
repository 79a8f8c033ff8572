import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Knex } from 'knex';
import { mayMount, mountDisk, type SmallDisk } from '../../../tests/servers/small-disk.js';
import { openStore, type Store } from './open-store.js';

const large = Buffer.alloc(64 * 1024);

(mayMount ? describe : describe.skip)('an embedded store on a full disk (where a disk may be mounted)', () => {
  let folder: string;
  let disk: SmallDisk;
  let store: Store;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'anonymesh-full-'));
    disk = await mountDisk(folder);
    store = await openStore({ kind: 'embedded', file: join(folder, 'store.sqlite') });
    await store.knex.schema.createTable('notes', (table) => {
      table.increments('id');
      table.binary('text');
    });
  });
  afterAll(async () => {
    await store?.close();
    disk?.end();
    await rm(folder, { recursive: true });
  });

  const write = (knex: Knex) => knex('notes').insert({ text: large });
  const count = async () => (await store.knex('notes')).length;

  /** More than SQLite keeps in memory until the end. */
  const writeMuch = (transaction: Knex.Transaction) =>
    transaction.raw(
      'insert into notes (text) with recursive n(i) as (select 1 union all select i + 1 from n where i < 200) select zeroblob(65536) from n',
    );

  it('says so, keeps nothing of a transaction that fails at its end, and takes the next when there is room', async () => {
    await write(store.knex);
    const before = await count();
    await disk.fill();
    const failing = store.knex.transaction(async (transaction) => {
      for (let index = 0; index < 20; index += 1) await write(transaction);
    });
    await expect(failing).rejects.toMatchObject({ code: 'SQLITE_FULL' });
    expect(await count()).toBe(before);
    disk.makeRoom();
    await store.knex.transaction(write);
    expect(await count()).toBe(before + 1);
  });

  it('writes nothing of what still comes of a transaction that it had to roll back, also once there is room', async () => {
    const before = await count();
    await disk.fill();
    const failing = store.knex.transaction(async (transaction) => {
      const first = writeMuch(transaction).then(undefined, (error: unknown) => error);
      const fault = await first;
      disk.makeRoom();
      await expect(write(transaction)).rejects.toThrow('SQLite has rolled this transaction back');
      throw fault;
    });
    await expect(failing).rejects.toMatchObject({ code: 'SQLITE_FULL' });
    expect(await count()).toBe(before);
    await store.knex.transaction(write);
    expect(await count()).toBe(before + 1);
  });
});
