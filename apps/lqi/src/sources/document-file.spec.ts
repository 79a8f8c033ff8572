import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { appendFile, mkdtemp, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDocumentFile, type DocumentFile } from './document-file.js';

describe('a file of documents', () => {
  let folder: string;
  let path: string;
  let opened: DocumentFile | undefined;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'anonymesh-document-file-'));
    path = join(folder, 'claims.jsonl');
  });
  afterEach(async () => {
    opened?.close();
    opened = undefined;
    await rm(folder, { recursive: true, force: true });
  });
  const open = async (content: string | Buffer) => {
    await writeFile(path, content);
    return (opened = openDocumentFile(path));
  };
  const documentsOf = (file: DocumentFile) => [...file.scan()].map(({ document }) => document);

  it.each([
    ['nothing', '', 0],
    ['only blank lines', '\n  \n\r\n\n', 0],
    ['a last line without an end', '{"n":0}\n{"n":1}', 2],
    ['lines of Windows and blank ones between', '{"n":0}\r\n\r\n{"n":1}\r\n   \r\n', 2],
    ['space around a document', '  {"n":0}\t\n', 1],
    ['separators that are no end of a line', '{"n":0,"text":"a\u2028b\u0085c"}\n{"n":1}\n', 2],
  ])('reads %s', async (_, content, count) => {
    const file = await open(content);
    expect(documentsOf(file).map(({ n }) => n)).toEqual(Array.from({ length: count }, (__, n) => n));
  });

  it('reads documents of every length across the ends of what it reads at once, and each again by its place', async () => {
    const documents = Array.from({ length: 300 }, (_, n) => ({ n, text: 'é'.repeat((n * 7919) % 9000) }));
    const long = { n: 300, text: 'ü'.repeat(1_000_000) };
    const all = [...documents, long, { n: 301 }];
    const file = await open(all.map((document) => `${JSON.stringify(document)}\n`).join(''));
    const found = [...file.scan()];
    expect(found.map(({ document }) => document)).toEqual(all);
    expect(found.map(({ place }) => file.read(place))).toEqual(all);
  });

  it.each([
    ['half a document', '{"n":0}\n{"n":'],
    ['a list', '[{"n":0}]\n'],
    ['a number', '7\n'],
    ['null', 'null\n'],
    ['two documents in a line', '{"n":0}{"n":1}\n'],
    ['zero bytes', '\0\0\0\n'],
    ['a byte order mark', '\uFEFF{"n":0}\n'],
  ])('is unavailable with %s', async (_, content) => {
    const file = await open(content);
    expect(() => documentsOf(file)).toThrow('unavailable');
  });

  it('is unavailable with a line that has no end', async () => {
    const file = await open(Buffer.alloc(17 * 1024 * 1024, '{'));
    expect(() => documentsOf(file)).toThrow('unavailable');
  });

  it('says when it was written to, but not when another took its name', async () => {
    const file = await open('{"n":0}\n');
    await writeFile(`${path}.new`, '{"n":1}\n');
    await rename(`${path}.new`, path);
    file.confirm();
    expect(documentsOf(file)).toEqual([{ n: 0 }]);

    const other = openDocumentFile(path);
    const [first] = [...other.scan()];
    await appendFile(path, '{"n":2}\n');
    expect(() => other.confirm()).toThrow('unavailable');
    await truncate(path, 3);
    expect(() => other.read(first?.place ?? { offset: 0, length: 8 })).toThrow('unavailable');
    other.close();
  });
});
