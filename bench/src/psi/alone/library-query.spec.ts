import '../../../../tests/servers/run-from-source.js';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openPool, type Pool } from '@anonymesh/psi';
import { prepareSample, type Mode, type Sample } from '../sample.js';
import { libraryQuery } from './library-query.js';
import { psiJsQuery } from './psi-js-query.js';

let folder: string;
let pool: Pool;
let sample: Sample;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'anonymesh-bench-'));
  pool = await openPool({ threads: 1 });
  sample = await prepareSample(500, folder);
});
afterAll(async () => {
  await pool.close();
  await rm(folder, { recursive: true });
});

describe('what is measured', () => {
  it.each<Mode>(['count', 'on-match'])('finds by the library what both lists have (%s)', async (mode) => {
    await libraryQuery(pool, sample, mode, join(folder, mode));
  });

  it('is not taken for measured where something else was found', async () => {
    const wrong = libraryQuery(pool, { ...sample, common: 6 }, 'count', join(folder, 'wrong'));
    await expect(wrong).rejects.toThrow('5 people, not 6');
  });

  it('finds by psi.js the keys that both lists have', async () => {
    expect(await psiJsQuery(sample)).toBeGreaterThan(0);
  });
});
