import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { claimants, residents, taxpayers } from './holdings.js';
import type { Person } from './people.js';
import { copyRecords, everybody, prepareRecords, recordFiles } from './records.js';
import { samples } from './samples.js';

const date = /^(19|20)\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const postcode = /^[A-Z]{1,2}\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{2}$/;

const niNumbers = (people: Iterable<Person>) => new Set(Array.from(people, ({ niNumber }) => niNumber));

let cache: string;
beforeEach(async () => (cache = await mkdtemp(join(tmpdir(), 'records-'))));
afterEach(() => rm(cache, { recursive: true }));

describe('the sample records', () => {
  it('are the same everywhere and always; if this fails, raise the generation in records.ts', () => {
    const everything = JSON.stringify([...taxpayers(300), ...claimants(300), ...residents(300)]);
    expect(createHash('sha256').update(everything).digest('hex')).toMatchInlineSnapshot(
      `"bfa963fa257fa20089f757011c5fb26ec223575531122758f01fb8baac581b99"`,
    );
  });

  it('are the same for a person in a larger population', () => {
    expect([...taxpayers(2_000)].slice(0, 900)).toEqual([...taxpayers(1_000)].slice(0, 900));
  });

  it('are of more than 100,000 people, none twice, at the holder that knows the fewest', () => {
    const known = Array.from(claimants(everybody), ({ niNumber }) => niNumber);
    expect(known.length).toBeGreaterThan(100_000);
    expect(new Set(known).size).toBe(known.length);
    expect([...claimants(3_000)].length).toBeLessThan(
      Math.min([...taxpayers(3_000)].length, [...residents(3_000)].length),
    );
  });

  it('lack different people at each holder', () => {
    const [hmrc, dwp, council] = [
      niNumbers(taxpayers(3_000)),
      niNumbers(claimants(3_000)),
      niNumbers(residents(3_000)),
    ];
    for (const [one, other] of [
      [hmrc, dwp],
      [dwp, hmrc],
      [hmrc, council],
      [council, hmrc],
      [dwp, council],
      [council, dwp],
    ] as const)
      expect([...one].filter((niNumber) => !other.has(niNumber)).length).toBeGreaterThan(100);
  });

  it('have dates that exist, in order, and postcodes of valid form', () => {
    for (const { birthDate, spells } of taxpayers(1_000)) {
      expect(birthDate).toMatch(date);
      for (const { began, ended } of spells) {
        expect(began).toMatch(date);
        expect(began > birthDate).toBe(true);
        if (ended !== null) expect(ended >= began).toBe(true);
      }
    }
    for (const { residences } of residents(1_000))
      for (const { postcode: written, movedIn, movedOut } of residences) {
        expect(written).toMatch(postcode);
        if (movedOut !== null) expect(movedOut >= movedIn).toBe(true);
      }
    for (const { claims, inquiries } of claimants(1_000)) {
      for (const { from, to } of claims) if (to !== null) expect(to >= from).toBe(true);
      for (const { openedOn, closedOn } of inquiries) if (closedOn !== null) expect(closedOn >= openedOn).toBe(true);
    }
    for (const sample of samples) expect(sample.fields.postcode).toMatch(postcode);
  });
});

describe('preparing them', () => {
  it('writes each holder’s file once, though several ask at the same time', async () => {
    const caches = await Promise.all([1, 2, 3].map(() => prepareRecords(cache, 50)));
    expect(new Set(caches.map(({ folder }) => folder)).size).toBe(1);
    expect(await readdir(cache)).toHaveLength(1);
    expect((await readdir(caches[0]?.folder ?? '')).sort()).toEqual(Object.values(recordFiles).sort());
  });

  it('does not generate again what is there', async () => {
    const { folder } = await prepareRecords(cache, 50);
    const before = await stat(join(folder, 'hmrc.sqlite'));
    await prepareRecords(cache, 50);
    expect((await stat(join(folder, 'hmrc.sqlite'))).mtimeMs).toBe(before.mtimeMs);
  });

  it('says so when the cache cannot be written', async () => {
    await writeFile(join(cache, 'a-file'), '');
    await expect(prepareRecords(join(cache, 'a-file'), 5)).rejects.toThrow();
  });
});

describe('a holder’s copy', () => {
  it('is its own file and nobody else’s, readable by its owner alone', async () => {
    const prepared = await prepareRecords(cache, 50);
    const data = join(cache, 'dwp/data');
    const copy = await copyRecords(prepared, 'dwp', data);
    expect(await readdir(data)).toEqual(['claims.jsonl']);
    expect((await stat(copy)).mode & 0o777).toBe(0o600);
    const lines = (await readFile(copy, 'utf8')).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([...claimants(50)]);
  });

  it('replaces an older copy, and leaves the original as it is when it is written to', async () => {
    const prepared = await prepareRecords(cache, 50);
    const data = join(cache, 'hmrc/data');
    const database = new DatabaseSync(await copyRecords(prepared, 'hmrc', data));
    database.exec('DELETE FROM spell');
    database.close();
    const fresh = new DatabaseSync(await copyRecords(prepared, 'hmrc', data), { readOnly: true });
    expect(fresh.prepare('SELECT COUNT(*) AS spells FROM spell').get()?.['spells']).toBeGreaterThan(100);
    expect(fresh.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
    expect(fresh.prepare('PRAGMA foreign_key_check').all()).toEqual([]);
    fresh.close();
  });
});
