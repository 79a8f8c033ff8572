import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { expectedMatches } from '@anonymesh/examples';
import { placesOf } from '@anonymesh/founding';
import { parse, stringify } from 'yaml';
import { startSetMesh, type SetMesh } from '../mesh/start-set-mesh.js';
import { startPostgres, type PrivatePostgres } from '../servers/postgres.js';
import { scrape } from './exported-metrics.js';
import { startCopy, type Copy } from './start-copy.js';

// Several letters of tokens of each holder.
const sizes = { healthTrust: 4000, police: 4000, schools: 0, common: 40 };
let postgres: PrivatePostgres;
let mesh: SetMesh;
let copy: Copy;

beforeAll(async () => {
  postgres = await startPostgres();
  const limits = { records: { most: 8000 }, matches: { least: 1, most: 100 } };
  mesh = await startSetMesh({
    sizes,
    terms: { limits },
    prepare: async ({ dir }) => {
      const { config, storeUrl } = placesOf(dir, 'aggregator');
      await writeFile(storeUrl, postgres.url, { mode: 0o600 });
      const own = parse(await readFile(config, 'utf8')) as object;
      await writeFile(config, stringify({ ...own, store: { kind: 'postgres', url: storeUrl } }));
    },
  });
  copy = await startCopy(mesh, 'aggregator');
}, 120_000);
afterAll(async () => {
  await copy?.kill();
  await mesh?.end();
  await postgres?.stop();
});

async function handled(url: string): Promise<number> {
  const counts = (await scrape(url)).filter(({ name }) => name === 'anonymesh_stage_seconds_count');
  return counts.filter(({ labels }) => labels['message'] !== 'checkpoint').reduce((sum, { value }) => sum + value, 0);
}

describe('two copies of an aggregator, on one database and one stream', () => {
  it('share the work, and release each set whole', async () => {
    const asked = await Promise.all(Array.from({ length: 4 }, () => mesh.ask()));
    const { people } = expectedMatches(sizes);
    for (const queryId of asked) {
      expect(await mesh.ended(queryId, 120)).toMatchObject({ outcome: 'released', code: 'all-answered', people });
      expect(await mesh.records(queryId)).toMatchObject({ people, unreadable: 0 });
    }
    const both = await Promise.all([mesh.monitoring('aggregator'), copy.monitoring].map(handled));
    expect(both.every((count) => count > 0)).toBe(true);
  }, 180_000);
});
