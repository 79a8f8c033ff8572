import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { patientRecords } from './health-trust.js';
import { metChildren } from './police.js';
import { childrenFiles, copyChildren, prepareChildren } from './records.js';
import { pupils } from './schools.js';
import { sizesOf } from './sizes.js';

const sizes = sizesOf({ healthTrust: 120, police: 110, schools: 90, common: 20 });

let cache: string;
beforeEach(async () => (cache = await mkdtemp(join(tmpdir(), 'children-'))));
afterEach(() => rm(cache, { recursive: true }));

describe('the sample records', () => {
  it('are the same everywhere and always; if this fails, raise the generation in records.ts', () => {
    const everything = JSON.stringify([...patientRecords(sizes), ...metChildren(sizes), ...pupils(sizes)]);
    expect(createHash('sha256').update(everything).digest('hex')).toMatchInlineSnapshot(
      `"10f8fb7ad27de9cd363dc5fc764ce01322c18df656875e8f535fb3759154c006"`,
    );
  });

  it('are as many as asked for, whether or not above the threshold', async () => {
    const { folder } = await prepareChildren(cache, sizes);
    const lines = (await readFile(join(folder, 'children.jsonl'), 'utf8')).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual([...patientRecords(sizes)]);
    expect(lines).toHaveLength(sizes.healthTrust);
    expect(count(join(folder, 'police.db'), 'child')).toBe(sizes.police);
    expect(count(join(folder, 'schools.db'), 'pupil')).toBe(sizes.schools);
  });

  it('stand in another order at each holder', () => {
    const shared = new Set(Array.from(patientRecords(sizes), ({ surname }) => surname));
    const inOrder = (names: string[]) => names.filter((name) => shared.has(name));
    const police = [...metChildren(sizes)].sort((one, other) => one.id - other.id);
    const atSchool = [...pupils(sizes)].sort((one, other) => one.id - other.id);
    expect(new Set(police.map(({ id }) => id)).size).toBe(sizes.police);
    expect(inOrder(police.map(({ surname }) => surname))).not.toEqual(inOrder(atSchool.map(({ surname }) => surname)));
  });
});

describe('preparing them', () => {
  it('writes each holder’s file once, though several ask at the same time', async () => {
    const caches = await Promise.all([1, 2, 3].map(() => prepareChildren(cache, sizes)));
    expect(new Set(caches.map(({ folder }) => folder)).size).toBe(1);
    expect(await readdir(cache)).toHaveLength(1);
    expect((await readdir(caches[0]?.folder ?? '')).sort()).toEqual(Object.values(childrenFiles).sort());
  });

  it('does not write again what is there, but writes other sizes beside it', async () => {
    const { folder } = await prepareChildren(cache, sizes);
    const before = await stat(join(folder, 'police.db'));
    expect(await prepareChildren(cache, sizes)).toEqual({ folder });
    expect((await stat(join(folder, 'police.db'))).mtimeMs).toBe(before.mtimeMs);
    expect((await prepareChildren(cache, { ...sizes, belowThreshold: 0 })).folder).not.toBe(folder);
  });

  it('leaves nothing behind where the sizes cannot be', async () => {
    await expect(prepareChildren(cache, { ...sizes, common: 100 })).rejects.toThrow(RangeError);
    expect(await readdir(cache)).toEqual([]);
  });

  it('says so when the cache cannot be written', async () => {
    await writeFile(join(cache, 'a-file'), '');
    await expect(prepareChildren(join(cache, 'a-file'), sizes)).rejects.toThrow();
  });
});

describe('a holder’s copy', () => {
  it('is its own file and nobody else’s, readable by its owner alone, and replaces an older one', async () => {
    const prepared = await prepareChildren(cache, sizes);
    const data = join(cache, 'police/data');
    const database = new DatabaseSync(await copyChildren(prepared, 'police', data));
    database.exec('DELETE FROM incident');
    database.close();
    const copy = await copyChildren(prepared, 'police', data);
    expect(await readdir(data)).toEqual(['police.db']);
    expect((await stat(copy)).mode & 0o777).toBe(0o600);
    expect(count(copy, 'incident')).toBeGreaterThan(100);
  });
});

function count(file: string, table: string): unknown {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
    expect(database.prepare('PRAGMA foreign_key_check').all()).toEqual([]);
    return database.prepare(`SELECT COUNT(*) AS count FROM ${table}`).get()?.['count'];
  } finally {
    database.close();
  }
}
