import { readFile, writeFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { applicant, samples } from '@anonymesh/examples';
import { entriesAbout } from '@anonymesh/evidence';
import { placesOf } from '@anonymesh/founding';
import knex, { type Knex } from 'knex';
import { parse, stringify } from 'yaml';
import type { AskedAbout } from '../faults/expect-once.js';
import { startTestMesh, type TestMesh } from '../mesh/start-test-mesh.js';
import { until } from '../mesh/until.js';
import { startPostgres, type PrivatePostgres } from '../servers/postgres.js';
import { scrape } from './exported-metrics.js';
import { startCopy, type Copy } from './start-copy.js';

const doubled = ['coordinator', 'aggregator', 'hmrc'];
let postgres: PrivatePostgres;
let mesh: TestMesh;
const stores = new Map<string, Knex>();
const copies = new Map<string, Copy>();
const asked: AskedAbout[] = [];

beforeAll(async () => {
  postgres = await startPostgres();
  const server = knex({ client: 'pg', connection: postgres.url });
  for (const id of doubled) await server.raw('create database ??', [id]);
  await server.destroy();
  mesh = await startTestMesh({
    prepare: async ({ dir }) => {
      for (const id of doubled) {
        const { config, storeUrl } = placesOf(dir, id);
        const url = postgres.url.replace(/\/postgres$/, `/${id}`);
        await writeFile(storeUrl, url, { mode: 0o600 });
        const own = parse(await readFile(config, 'utf8')) as object;
        await writeFile(config, stringify({ ...own, store: { kind: 'postgres', url: storeUrl } }));
        stores.set(id, knex({ client: 'pg', connection: url }));
      }
    },
  });
  for (const id of doubled) copies.set(id, await startCopy(mesh, id));
}, 120_000);
afterAll(async () => {
  await Promise.all([...copies.values()].map((copy) => copy.kill()));
  await mesh?.end();
  await Promise.all([...stores.values()].map((store) => store.destroy()));
  await postgres?.stop();
});

const ask = async (index: number): Promise<AskedAbout> => {
  const person = samples[index % samples.length] ?? applicant;
  return { ...(await mesh.ask(person)), person };
};

/** What each table has of these queries more than once. */
async function twice(party: string, table: string, columns: readonly string[]): Promise<readonly unknown[]> {
  const rows = stores.get(party)?.(table).select(columns).groupBy(columns).havingRaw('count(*) > 1');
  return (await rows) ?? [];
}

async function handled(url: string): Promise<number> {
  const counts = (await scrape(url)).filter(({ name }) => name === 'anonymesh_stage_seconds_count');
  return counts.filter(({ labels }) => labels['message'] !== 'checkpoint').reduce((sum, { value }) => sum + value, 0);
}

async function expectOnce(queries: readonly AskedAbout[]): Promise<void> {
  for (const { queryId, person } of queries)
    expect(await mesh.ended(queryId, 70)).toMatchObject({ outcome: person.outcome, code: 'all-answered', answered: 3 });
  expect(await twice('hmrc', 'disclosures', ['query_id', 'kind'])).toEqual([]);
  expect(await twice('aggregator', 'words', ['query_id', 'holder'])).toEqual([]);
  expect(await stores.get('coordinator')?.('queries').whereNot({ state: 'decided' })).toEqual([]);
  await until('nothing waits to be sent', async () => {
    const left = await Promise.all([...stores.values()].map((store) => store('outbox').select('id')));
    return left.flat().length === 0;
  });
}

describe('two copies each of coordinator, aggregator and a holder’s node, on one database and one stream', () => {
  it('share the work, and do nothing twice', async () => {
    asked.push(...(await Promise.all(Array.from({ length: 60 }, (_, index) => ask(index)))));
    await expectOnce(asked);
    for (const id of doubled) {
      const both = await Promise.all([mesh.monitoring(id), copies.get(id)?.monitoring ?? ''].map(handled));
      expect([id, both.every((count) => count > 0)]).toEqual([id, true]);
    }
  }, 120_000);

  it('keep one log each, without a gap, in which every query stands as often as any other', async () => {
    for (const id of doubled) {
      const places = (await stores.get(id)?.('evidence_entries').orderBy('n').pluck('n')) ?? [];
      expect(places.map(Number)).toEqual(places.map((_, index) => index));
    }
    const hmrc = stores.get('hmrc');
    if (hmrc === undefined) throw new Error('hmrc has no store');
    const told = await Promise.all(asked.map(async ({ queryId }) => (await entriesAbout(hmrc, queryId)).length));
    expect(new Set(told).size).toBe(1);
  });

  it('lose nothing when one of each is killed in the middle', async () => {
    const asking = Array.from({ length: 40 }, (_, index) => ask(index));
    await wait(150);
    await Promise.all([...copies.values()].map((copy) => copy.kill()));
    const settled = await Promise.allSettled(asking);
    // An ask that the killed coordinator had taken is told to be tried again; it may have been asked all the same.
    await expectOnce(settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : [])));
    expect(settled.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(10);
  }, 150_000);
});
