import '../../../../tests/servers/run-from-source.js';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openJsonl } from './jsonl.js';
import type { Source, Statement } from './source.js';

const limits = { rows: 10_000, milliseconds: 10_000 };
const all = (collection: string, ...stages: Record<string, unknown>[]): Statement => ({
  kind: 'pipeline',
  collection,
  stages: [{ $match: {} }, ...stages],
});

describe('a folder of JSON Lines as a source', () => {
  let folder: string;
  let source: Source;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'anonymesh-jsonl-spec-'));
    await write('claims', '{"ni":"A","visa":1}\n{"ni":"B","visa":2}\n');
    source = openJsonl(folder, { claims: ['ni'] });
  });
  afterEach(async () => {
    await source.close();
    await rm(folder, { recursive: true });
  });
  const write = (name: string, content: string) => writeFile(join(folder, `${name}.jsonl`), content);
  const drain = async (statement: Statement) => {
    const rows: unknown[] = [];
    for await (const batch of source.stream(statement, {}, limits)) rows.push(...batch);
    return rows;
  };

  it('answers alike whether it is asked at once or as a stream, also across collections', async () => {
    await write('visas', '{"id":1,"kind":"work"}\n{"id":2,"kind":"study"}\n');
    const joined = all('claims', { $lookup: { from: 'visas', localField: 'visa', foreignField: 'id', as: 'visas' } });
    const expected = [
      { ni: 'A', visa: 1, visas: [{ id: 1, kind: 'work' }] },
      { ni: 'B', visa: 2, visas: [{ id: 2, kind: 'study' }] },
    ];
    expect(await source.run(joined, {}, limits)).toEqual(expected);
    expect(await drain(joined)).toEqual(expected);
  });

  it.each(['claims', 'others'])('is unavailable while the file of %s is not whole, and answers after', async (name) => {
    await write(name, '{"ni":"A"}\n{"ni":');
    await expect(source.run(all(name), {}, limits)).rejects.toThrow('unavailable');
    await expect(drain(all(name))).rejects.toThrow('unavailable');
    await write(name, '{"ni":"C"}\n');
    expect(await source.run(all(name), {}, limits)).toEqual([{ ni: 'C' }]);
    expect(await drain(all(name))).toEqual([{ ni: 'C' }]);
  });

  it('does not read a collection that is not there as empty', async () => {
    for (const statement of [all('nowhere'), all('claims', { $unionWith: 'nowhere' })]) {
      await expect(source.run(statement, {}, limits)).rejects.toThrow('statement');
      await expect(drain(statement)).rejects.toThrow('statement');
    }
    await rm(join(folder, 'claims.jsonl'));
    await write('others', '{"ni":"A"}\n');
    await expect(drain(all('others'))).rejects.toThrow('unavailable');
  });

  it('ends as unavailable when the file is written to while it is streamed', async () => {
    await write('others', `${JSON.stringify({ text: 'x'.repeat(200) })}\n`.repeat(5000));
    const reading = async () => {
      for await (const batch of source.stream(all('others'), {}, limits)) {
        expect(batch).toHaveLength(1000);
        await write('others', '{"text":"y"}\n');
      }
    };
    await expect(reading()).rejects.toThrow('unavailable');
  });
});
