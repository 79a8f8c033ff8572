import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openStore, type Store } from '@anonymesh/store';
import fc from 'fast-check';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../../../../tests/mesh/until.js';
import { startPostgres, type PrivatePostgres } from '../../../../tests/servers/postgres.js';
import { opens } from '../entries/commitment.js';
import { readEntry, type Entry } from '../entries/entry.js';
import { checkLog } from '../checking/check-log.js';
import type { Counted } from '../entries/sections.js';
import { draftOf, enterSome, joinAll, keys, linesOf, logKey, openLog, origin, placeAll } from '../fixtures/made-log.js';
import { queryOf, sign } from '../fixtures/made-log.js';
import { append, emptyFrontier, rootOf } from '../merkle/frontier.js';
import { treeOf } from '../merkle/tree.js';
import { isConsistent, rootByInclusion } from '../merkle/verify.js';
import { readCheckpoint } from '../notes/checkpoint.js';
import { enter, place, placeAll as placeEverything } from './append.js';
import { checkpoint, countersigned } from './checkpoints.js';
import { holdHead, readHead } from './head.js';
import { proveConsistency, proveInclusion } from './read-hashes.js';
import { entriesAbout, eraseSalts, readEntries } from './read-entries.js';

let postgres: PrivatePostgres;
let folder: string;
beforeAll(async () => {
  postgres = await startPostgres();
}, 60_000);
afterAll(() => postgres.stop());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'anonymesh-evidence-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe.each(['embedded', 'postgres'] as const)('a log on the %s store', (kind) => {
  let store: Store;
  const open = () =>
    openStore(kind === 'embedded' ? { kind, file: join(folder, 'store.db') } : { kind, url: postgres.url });
  beforeEach(async () => {
    store = await open();
    await openLog(store);
  });
  afterEach(async () => {
    if (kind === 'postgres') await store.knex.raw('drop schema public cascade; create schema public');
    await store.close();
  });
  const leaves = async () => (await readEntries(store.knex, { limit: 100_000 })).map(({ leaf }) => leaf);

  it('gives each entry the next place, and keeps it as it was entered', async () => {
    await enterSome(store, 0, 30);
    expect(await readEntries(store.knex)).toEqual([]);
    await placeAll(store);
    const entries = await readEntries(store.knex);
    expect(entries.map(({ n }) => n)).toEqual([...Array(30).keys()]);
    for (const { n, text, salt } of entries) {
      const entry = readEntry(text);
      const { did, what, query, words } = draftOf(n);
      expect(entry).toMatchObject({ n, did, what, query, at: 1_800_000_000_000 });
      if (entry === undefined || entry.did === 'counted' || salt === undefined) throw new Error('no such entry');
      expect(opens(Buffer.from(entry.words, 'base64url'), salt, words)).toBe(true);
    }
    expect(await store.knex('evidence_pending')).toEqual([]);
  });

  it('has no entry of an effect that was rolled back, and each of one that was not', async () => {
    const failing = store.knex.transaction(async (transaction) => {
      await enter(transaction, [draftOf(1)]);
      throw new Error('on purpose');
    });
    await expect(failing).rejects.toThrow('on purpose');
    await enterSome(store, 2, 3);
    await placeAll(store);
    expect((await readEntries(store.knex)).map(({ text }) => readEntry(text)?.did)).toEqual([draftOf(2).did]);
  });

  it('grows as the tree of the RFC does, without reading what is there', async () => {
    for (const [from, to] of [
      [0, 1],
      [1, 200],
      [200, 257],
      [257, 900],
      [900, 1301],
    ] as const) {
      await enterSome(store, from, to);
      await placeAll(store);
      const { frontier } = await readHead(store.knex);
      expect(frontier.size).toBe(to);
      expect(rootOf(frontier).equals(rootOf(append(emptyFrontier, await leaves())))).toBe(true);
    }
    const levels = await store.knex('evidence_subtrees').select('level').count({ many: '*' }).groupBy('level');
    expect(levels).toEqual([{ level: 8, many: 5 }]);
    // What was there is gone; appending does not miss it.
    await store.knex('evidence_entries').delete();
    await enterSome(store, 1301, 1302);
    await placeAll(store);
    expect((await readHead(store.knex)).frontier.size).toBe(1302);
  });

  it('proves every entry and every earlier size', async () => {
    await enterSome(store, 0, 700);
    await placeAll(store);
    const all = await leaves();
    const rootAt = (size: number) => treeOf(all.slice(0, size)).root;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 700 }), fc.nat(), async (size, some) => {
        const n = some % size;
        const leaf = all[n];
        if (leaf === undefined) throw new Error('no leaf');
        const path = await proveInclusion(store.knex, n, size);
        expect(rootByInclusion(leaf, { position: n, size }, path)?.equals(rootAt(size))).toBe(true);
        const proof = await proveConsistency(store.knex, n, size);
        expect(isConsistent({ size: n, root: rootAt(n) }, { size, root: rootAt(size) }, proof)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it('signs what is there, once, after counting the queries that it is about', async () => {
    expect(await sign(store)).toBe(undefined);
    await enterSome(store, 0, 12);
    const first = readCheckpoint((await sign(store)) ?? '');
    expect(first).toMatchObject({ origin: logKey.origin, size: 13 });
    expect(first?.root.equals(treeOf(await leaves()).root)).toBe(true);
    const counted = readEntry((await readEntries(store.knex, { from: 12 }))[0]?.text ?? '') as Entry;
    expect(counted).toMatchObject({ did: 'counted', from: 0, to: 12, queries: 5 });
    expect(await sign(store)).toBe(undefined);
    await enterSome(store, 12, 13);
    const second = readCheckpoint((await sign(store)) ?? '');
    expect(second?.size).toBe(15);
    if (first === undefined || second === undefined) throw new Error('no checkpoint');
    expect(isConsistent(first, second, await proveConsistency(store.knex, 13, 15))).toBe(true);
  });

  it('goes by the last checkpoint that nobody has countersigned for ten minutes, however many came after it', async () => {
    const start = 1_800_000_000_000;
    const signAt = async (seconds: number) => {
      await enterSome(store, seconds, seconds + 1);
      return readCheckpoint((await sign(store, start + seconds * 1000)) ?? '')?.size;
    };
    const boundAt = async (seconds: number) => countersigned(store.knex, start + seconds * 1000);
    await signAt(0);
    const size = await signAt(5);
    for (let seconds = 10; seconds <= 150; seconds += 5) await signAt(seconds);
    expect(await boundAt(600)).toBe(undefined);
    expect(await boundAt(606)).toMatchObject({ size, signedAt: start + 5000, isLast: false });
    expect(await boundAt(751)).toMatchObject({ signedAt: start + 150_000, isLast: true });
  });

  it('finds the entries about one query, and forgets their salts for good, and nothing else', async () => {
    await enterSome(store, 0, 20);
    await sign(store);
    const before = await leaves();
    const about = await entriesAbout(store.knex, queryOf(2));
    expect(about.map(({ n }) => n)).toEqual([2, 7, 12, 17]);
    expect((await entriesAbout(store.knex, queryOf(2), 12)).map(({ n }) => n)).toEqual([2, 7]);
    expect(about.every(({ salt }) => salt?.length === 16)).toBe(true);
    expect(await eraseSalts(store.knex, [queryOf(2), queryOf(99)])).toBe(4);
    expect(await eraseSalts(store.knex, [])).toBe(0);
    expect((await entriesAbout(store.knex, queryOf(2))).every(({ salt }) => salt === undefined)).toBe(true);
    expect((await entriesAbout(store.knex, queryOf(3))).every(({ salt }) => salt?.length === 16)).toBe(true);
    expect(await leaves()).toEqual(before);
    const [salt] = about.flatMap((each) => each.salt ?? []);
    if (kind === 'embedded' && salt !== undefined) {
      await store.knex.raw('pragma wal_checkpoint(truncate)');
      expect((await readFile(join(folder, 'store.db'))).includes(salt)).toBe(false);
    }
  });

  it('gives one place once, however many copies of an app append and sign at the same time', async () => {
    const copies = kind === 'embedded' ? [store] : await Promise.all([1, 2, 3].map(() => open()));
    const rounds = copies.map(async (copy, index) => {
      for (let round = 0; round < 10; round += 1) {
        await enterSome(copy, index * 100 + round * 3, index * 100 + round * 3 + 3);
        await copy.knex.transaction((transaction) => place(transaction));
        await copy.knex.transaction((transaction) => checkpoint(transaction, logKey));
      }
    });
    await Promise.all(rounds);
    await sign(store);
    const all = await readEntries(store.knex, { limit: 10_000 });
    expect(all.map(({ n }) => n)).toEqual([...all.keys()]);
    expect(all.filter(({ text }) => readEntry(text)?.did !== 'counted')).toHaveLength(copies.length * 30);
    const notes = await store.knex('evidence_checkpoints').orderBy('size').pluck<string[]>('note');
    for (const note of notes) {
      const read = readCheckpoint(note);
      expect(read?.root.equals(treeOf(all.slice(0, read.size).map(({ leaf }) => leaf)).root)).toBe(true);
    }
    if (kind === 'postgres') await Promise.all(copies.map((copy) => copy.close()));
  });

  it('gives places to all that waits also where another copy of an app is appending', async () => {
    if (kind === 'embedded') return; // its one connection has the file to itself
    const copy = await open();
    await enterSome(store, 0, 3);
    const left = await copy.knex.transaction(async (transaction) => {
      await holdHead(transaction);
      const placing = store.knex.transaction(async (own) => {
        await placeEverything(own);
        return own('evidence_pending').pluck('id');
      });
      const blocked = async () => (await transaction.raw('select from pg_locks where not granted')).rowCount > 0;
      await until('it waits for the copy', blocked);
      await place(transaction);
      return { placing };
    });
    expect(await left.placing).toEqual([]);
    expect(await leaves()).toHaveLength(3);
    await copy.close();
  });

  it('joins what was counted to few runs, however many copies of an app do, and lists them rightly', async () => {
    const copies = kind === 'embedded' ? [store] : [store, await open()];
    for (let n = 0; n < 60; n += 1) {
      await enterSome(store, n * 10, n * 10 + 7);
      await sign(store, 1_800_000_100_000 + n);
      await Promise.all(copies.map(joinAll));
    }
    const last = readEntry((await readEntries(store.knex, { limit: 10_000 })).at(-1)?.text ?? '') as Counted;
    expect(last.runs?.length).toBeLessThan(8);
    expect((await checkLog(await linesOf(store), { origin, keys: [keys.publicKey] })).findings).toEqual([]);
    const starts = await store.knex('evidence_runs').pluck<number[]>('start');
    expect(starts.length).toBeLessThan(90);
    for (const copy of copies.slice(1)) await copy.close();
  });

  it('has no column for a person, nor for what anybody said', async () => {
    expect(Object.keys(await store.knex('evidence_entries').columnInfo()).sort()).toEqual([
      'entry',
      'leaf',
      'n',
      'query',
      'salt',
    ]);
  });
});
