import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { keeperOf } from '@anonymesh/runtime';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openIn } from '../../fixtures/open-files.js';
import { Crowded, openPartitions, partitionsFor } from './partitions.js';
import { openRowFile } from './row-file.js';
import { openSpill, removeSpill, removeSpillsBut, type Spill } from './spill.js';

const queryId = 'ab'.repeat(16);
const seed = randomBytes(32);
let folder: string;
let spill: Spill;
const place = (name: string) => join(folder, queryId, '01', name);
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'anonymesh-spill-'));
  spill = await openSpill({ folder, queryId, reading: '01', seed });
});
afterEach(() => rm(folder, { recursive: true }));

describe('a spill file', () => {
  it('is read as it was written, in any order, and is for its owner alone', async () => {
    const file = await spill.open('list', 100);
    const blocks = [randomBytes(100), randomBytes(100), randomBytes(7)];
    for (const index of [2, 0, 1, 1]) await file.write(index, blocks[index] ?? Buffer.alloc(0));
    expect(await Promise.all([0, 1, 2].map((index) => file.read(index)))).toEqual(blocks);
    expect(await file.count()).toBe(3);
    expect((await stat(place('list'))).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, queryId))).mode & 0o777).toBe(0o700);
    await file.close();
  });

  it('is noise to who does not have the seed, and under the key of another file or reading', async () => {
    const text = Buffer.from('Child of Nomansland '.repeat(20));
    const file = await spill.open('list', 400);
    await file.write(0, text);
    await file.close();
    const bytes = await readFile(place('list'));
    expect(bytes.includes('Nomansland')).toBe(false);
    const strangers = [
      await openSpill({ folder, queryId, reading: '01', seed: randomBytes(32) }),
      await openSpill({ folder, queryId, reading: '02', seed }),
    ];
    await writeFile(join(folder, queryId, '02', 'list'), bytes);
    await writeFile(place('other'), bytes);
    const opened = [
      await strangers[0]?.open('list', 400, true),
      await strangers[1]?.open('list', 400, true),
      await spill.open('other', 400, true),
    ];
    for (const each of opened) {
      await expect(each?.read(0)).rejects.toThrow();
      await each?.close();
    }
  });

  it('says so where a block was cut, changed, moved or never written', async () => {
    const file = await spill.open('list', 100);
    for (const index of [0, 1, 2]) await file.write(index, randomBytes(100));
    await file.close();
    const bytes = await readFile(place('list'));
    const second = bytes.subarray(128, 256);
    const changed = Buffer.concat([second, bytes.subarray(0, 128), bytes.subarray(256)]);
    changed[300] = (changed[300] ?? 0) ^ 1;
    await writeFile(place('list'), changed);
    await truncate(place('list'), 380);
    const again = await spill.open('list', 100, true);
    for (const index of [0, 1, 2, 3, 9]) await expect(again.read(index)).rejects.toThrow();
    await again.close();
  });

  it('that is there already is not written over by a new reading', async () => {
    await (await spill.open('list', 100)).close();
    await expect(spill.open('list', 100)).rejects.toThrow('EEXIST');
  });
});

describe('rows in a spill file', () => {
  it.each([0, 1, 3276, 3277, 10_000])('come back in order, also in another process: %i of them', async (count) => {
    const rows = Array.from({ length: count }, () => randomBytes(20));
    const file = await openRowFile(spill, 'rows', 20);
    for (const row of rows) await file.add(row);
    await file.finish();
    await file.close();
    const again = await openRowFile(spill, 'rows', 20, true);
    expect(again.rows).toBe(count);
    const whole = Buffer.alloc(count * 20 + 7, 0xaa);
    await again.readInto(whole);
    expect(whole.equals(Buffer.concat([...rows, Buffer.alloc(7, 0xaa)]))).toBe(true);
    await again.close();
  });

  it('that cannot be read leave no file open', async () => {
    await writeFile(place('rows'), 'not what was written');
    await expect(openRowFile(spill, 'rows', 20, true)).rejects.toThrow();
    expect(await openIn(folder)).toEqual([]);
  });
});

describe('partitions', () => {
  it('that cannot all be opened leave none open', async () => {
    await writeFile(place('keys-5'), '');
    await expect(openPartitions(spill, 'keys', 24, 8)).rejects.toThrow('EEXIST');
    expect(await openIn(folder)).toEqual([]);
  });

  it('give all rows in the order of their keys, with more among them', async () => {
    const rows = Array.from({ length: 5000 }, () => randomBytes(24));
    const partitions = await openPartitions(spill, 'keys', 24, 8);
    for (const row of rows) await partitions.add(row);
    await partitions.finish();
    const more = Array.from({ length: 8 }, (_, index) => Buffer.alloc(24, index * 32));
    const sorted: Buffer[] = [];
    for await (const each of partitions.sorted(16, (index) => more[index] ?? Buffer.alloc(0)))
      sorted.push(Buffer.from(each));
    const expected = [...rows, ...more].sort((a, b) => a.compare(b));
    expect(Buffer.concat(sorted).equals(Buffer.concat(expected))).toBe(true);
    await partitions.close();
    await partitions.drop();
    expect(await readdir(join(folder, queryId, '01'))).toEqual([]);
  });

  it('are as many as fit into memory one by one', () => {
    expect([partitionsFor(1000, 100), partitionsFor(20_000_000, 93), partitionsFor(64_000_001, 93)]).toEqual([
      1, 128, 256,
    ]);
  });

  it('say so where far too many rows begin alike', async () => {
    const partitions = await openPartitions(spill, 'keys', 64 * 1024, 2);
    const row = Buffer.alloc(64 * 1024);
    for (let index = 0; index < 1537; index++) await partitions.add(row);
    await partitions.finish();
    await expect(partitions.sorted(16)[Symbol.asyncIterator]().next()).rejects.toThrow(Crowded);
    await partitions.close();
  });
});

describe('the spill folder', () => {
  it('keeps its name', () => {
    const [name, again] = [keeperOf(join(folder, 'new')), keeperOf(join(folder, 'new'))];
    expect(name).toMatch(/^[0-9a-f]{32}$/);
    expect(again).toBe(name);
    expect(keeperOf(join(folder, 'other'))).not.toBe(name);
  });

  it('is rid of queries that are not open any more, and of nothing else', async () => {
    keeperOf(folder);
    const other = 'cd'.repeat(16);
    await openSpill({ folder, queryId: other, reading: '01', seed });
    await removeSpillsBut(folder, [queryId]);
    expect((await readdir(folder)).sort()).toEqual([queryId, 'keeper']);
    await removeSpill(folder, queryId);
    await removeSpill(folder, queryId);
    expect(await readdir(folder)).toEqual(['keeper']);
  });
});
