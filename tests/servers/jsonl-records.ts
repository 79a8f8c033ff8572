// Sample records as a folder of JSON Lines documents.
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { people, pipelineSample, type Records } from './sample-records.js';

export async function startJsonlRecords(): Promise<Records> {
  const folder = await mkdtemp(join(tmpdir(), 'anonymesh-jsonl-'));
  await writeFile(join(folder, 'people.jsonl'), people.map((person) => `${JSON.stringify(person)}\n`).join(''));
  const many = (size: number) => ({ $range: [0, size] });
  const inner = { $size: many(100_000) };
  const heavy = { $reduce: { input: many(100_000), initialValue: 0, in: { $add: ['$$value', inner] } } };
  const product = { $set: { a: many(10_000), b: many(10_000) } };
  return {
    url: folder,
    sample: {
      ...pipelineSample(),
      runaway: [
        {
          kind: 'pipeline',
          collection: 'people',
          stages: [product, { $unwind: '$a' }, { $unwind: '$b' }, { $count: 'n' }],
        },
        { kind: 'pipeline', collection: 'people', stages: [{ $set: { total: heavy } }] },
      ],
    },
    isIdle: () => Promise.resolve(true),
    outage: {
      begin: () => rename(folder, `${folder}-away`),
      end: () => rename(`${folder}-away`, folder),
    },
    stop: () => rm(folder, { recursive: true, force: true }),
  };
}
