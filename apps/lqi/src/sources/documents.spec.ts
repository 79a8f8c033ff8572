import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openFolder } from './documents.js';

describe('a folder of documents', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'anonymesh-documents-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const write = (...documents: unknown[]) =>
    writeFile(join(folder, 'claims.jsonl'), documents.map((document) => `${JSON.stringify(document)}\r\n`).join('\n'));

  it('finds a document by a field, by a field inside, and by each element of a list', async () => {
    const documents = [
      { ni: 'A' },
      { ni: ['A', 'B'] },
      { in: { ni: 'C' } },
      { in: [{ ni: 'C' }, { ni: 'D' }] },
      { ni: 7 },
    ];
    await write(...documents);
    const opened = openFolder(folder, { claims: ['ni', 'in.ni'] });
    await opened.refresh();
    const claims = opened.get('claims');
    expect(claims?.find('ni', 'A')).toEqual([documents[0], documents[1]]);
    expect(claims?.find('ni', 'B')).toEqual([documents[1]]);
    expect(claims?.find('ni', '7')).toEqual([]);
    expect(claims?.find('in.ni', 'C')).toEqual([documents[2], documents[3]]);
    expect(claims?.find('other', 'A')).toBeUndefined();
  });

  it('sees what was changed, and is not to be read while a file is not whole', async () => {
    await write({ ni: 'A' });
    const opened = openFolder(folder, { claims: ['ni'] });
    await opened.refresh();
    await writeFile(join(folder, 'claims.jsonl'), '{"ni":"A"}\n{"ni":');
    await expect(opened.refresh()).rejects.toThrow();
    await expect(opened.refresh()).rejects.toThrow();
    await write({ ni: 'A' }, { ni: 'B' });
    await opened.refresh();
    expect([...(opened.get('claims')?.documents ?? [])]).toEqual([{ ni: 'A' }, { ni: 'B' }]);
    expect(opened.get('claims')?.find('ni', 'B')).toEqual([{ ni: 'B' }]);
    expect(opened.get('__proto__')).toBeUndefined();
  });

  it('says when a file was written to after it was looked at', async () => {
    await write({ ni: 'A' });
    const opened = openFolder(folder, { claims: ['ni'] });
    await opened.refresh();
    const claims = opened.get('claims');
    claims?.confirm();
    await write({ ni: 'B' }, { ni: 'A' });
    expect(() => claims?.confirm()).toThrow('unavailable');
  });

  it('refuses to go on without the file of a collection that has an index', async () => {
    await write({ ni: 'A' });
    const opened = openFolder(folder, { claims: ['ni'] });
    await opened.refresh();
    await rm(join(folder, 'claims.jsonl'));
    await expect(opened.refresh()).rejects.toThrow('not there');
    expect(opened.get('claims')).toBeUndefined();
  });

  it('finds each of 100,000 documents by its indexed field without reading the others, and says where there is no index', async () => {
    await write(
      ...Array.from({ length: 100_000 }, (_, place) => ({ ni: `QQ${place}`, inquiries: [{ kind: 'fraud' }] })),
    );
    const opened = openFolder(folder, { claims: ['ni'] });
    await opened.refresh();
    const claims = opened.get('claims');
    const readAll = took(() => expect([...(claims?.documents ?? [])]).toHaveLength(100_000));
    expect(claims?.find('ni', 'QQ99999')).toContainEqual({ ni: 'QQ99999', inquiries: [{ kind: 'fraud' }] });
    expect(claims?.find('inquiries', 'QQ99999')).toBeUndefined();
    const each = Array.from({ length: 1000 }, (_, turn) =>
      took(() => expect(claims?.find('ni', `QQ${(turn * 7919) % 100_000}`)).not.toHaveLength(0)),
    ).sort((a, b) => a - b);
    // Half of them: a machine may stand still in between.
    expect(each[500]).toBeLessThan(readAll / 20);
  });
});

function took(work: () => void): number {
  const began = performance.now();
  work();
  return performance.now() - began;
}
