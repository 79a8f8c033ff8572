import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { applicant, samples } from '@anonymesh/examples';
import { placesOf } from '@anonymesh/founding';
import knex from 'knex';
import { parse, stringify } from 'yaml';
import { expectEachOnce, type AskedAbout } from '../faults/expect-once.js';
import { rowsOf } from '../mesh/read-mesh.js';
import { startTestMesh, type TestMesh } from '../mesh/start-test-mesh.js';
import { until } from '../mesh/until.js';
import { startPostgres, type PrivatePostgres } from '../servers/postgres.js';
import { blocksOf, runBlock, shownBelow } from './commands-of.js';

let backups: string;
let postgres: PrivatePostgres;
beforeAll(async () => {
  backups = await mkdtemp(join(tmpdir(), 'anonymesh-backups-'));
  postgres = await startPostgres();
}, 60_000);
afterAll(async () => {
  await postgres?.stop();
  await rm(backups, { recursive: true, force: true });
});

async function askMany(mesh: TestMesh): Promise<AskedAbout[]> {
  const people = Array.from({ length: 6 }, (_, index) => samples[index % samples.length] ?? applicant);
  return Promise.all(people.map(async (person) => ({ ...(await mesh.ask(person)), person })));
}

const emptied = async () => {
  for (const file of await readdir(backups)) await rm(join(backups, file), { recursive: true });
};

describe('a party whose store is lost while queries are under way', () => {
  let mesh: TestMesh;
  beforeAll(async () => {
    mesh = await startTestMesh();
  }, 90_000);
  afterAll(() => mesh?.end());

  const waits: readonly (readonly [party: string, blocked: string, table: string])[] = [
    ['hmrc', 'aggregator', 'subqueries'],
    ['coordinator', 'aggregator', 'queries'],
    ['immigration', 'aggregator', 'queries'],
    ['aggregator', 'dwp', 'queries'],
    ['appeal-portal', 'aggregator', 'outbox'],
  ];

  it.each(waits)(
    '%s: goes on from its back-up, and every query ends with its own outcome, once',
    async (party, blocked, table) => {
      await emptied();
      const { home, state } = placesOf(mesh.dir, party);
      const variables = { PARTY: home, BACKUPS: backups };
      const before = rowsOf(mesh.dir, party, `select * from ${table}`).length;
      await mesh.child(blocked).stop();
      const queries = await askMany(mesh);
      if (party !== 'appeal-portal')
        await until('it has them all', () => rowsOf(mesh.dir, party, `select * from ${table}`).length === before + 6);
      // The node runs while it is copied.
      expect(await runBlock('back-up', variables)).toMatch(/store\.sqlite: \d+ bytes, whole/);
      for (const file of await readdir(backups)) expect((await stat(join(backups, file))).mode & 0o777).toBe(0o600);
      await mesh.child(party).kill();
      await rm(join(home, 'state'), { recursive: true });
      await rm(join(home, 'keys'), { recursive: true });
      expect(await runBlock('restore', variables)).toMatch(/0 failing/);
      expect(existsSync(state)).toBe(true);
      await mesh.restart(party);
      await mesh.restart(blocked);
      // Back-up and outcome may be of different times: a holder answers again what the others have had already.
      const isOpen = (holder: string) =>
        rowsOf(mesh.dir, holder, `select 1 from subqueries where state = 'open'`).length;
      await until('nothing is open', () => !['hmrc', 'dwp', 'council'].some(isOpen));
      await expectEachOnce(mesh, queries);
    },
    120_000,
  );

  it('is never told to be well by a copy that was not made, and no copy is overwritten', async () => {
    await emptied();
    const variables = { PARTY: placesOf(mesh.dir, 'hmrc').home, BACKUPS: backups };
    await writeFile(join(backups, 'store.sqlite'), 'yesterday’s');
    await expect(runBlock('back-up', variables)).rejects.toThrow(/EEXIST/);
    expect(await readFile(join(backups, 'store.sqlite'), 'utf8')).toBe('yesterday’s');
    await expect(runBlock('back-up', { ...variables, PARTY: join(backups, 'nobody') })).rejects.toThrow();
  }, 30_000);

  it('is examined by the commands of the page', async () => {
    expect(await runBlock('well', { PARTY: placesOf(mesh.dir, 'dwp').home })).toMatch(/^well +configuration/);
  }, 30_000);
});

describe('a coordinator whose store is in PostgreSQL', () => {
  it('goes on from its dump, while queries are under way', async () => {
    await emptied();
    const mesh = await startTestMesh({
      prepare: async ({ dir }) => {
        const { config, storeUrl } = placesOf(dir, 'coordinator');
        await writeFile(storeUrl, postgres.url, { mode: 0o600 });
        const own = parse(await readFile(config, 'utf8')) as object;
        await writeFile(config, stringify({ ...own, store: { kind: 'postgres', url: storeUrl } }));
      },
    });
    const client = knex({ client: 'pg', connection: postgres.url });
    try {
      const variables = { STORE_URL: postgres.url, BACKUPS: backups };
      const bin = await postgresTools();
      await mesh.child('aggregator').stop();
      const queries = await askMany(mesh);
      await until('it has them all', async () => (await client('queries')).length === 6);
      await runBlock('back-up-postgres', variables, bin);
      await mesh.child('coordinator').kill();
      await client.raw('drop schema public cascade');
      await client.raw('create schema public');
      await runBlock('restore-postgres', variables, bin);
      await mesh.restart('coordinator');
      await mesh.restart('aggregator');
      for (const { queryId, person } of queries)
        expect(await mesh.ended(queryId, 70)).toMatchObject({ outcome: person.outcome, code: 'all-answered' });
      expect(await client('queries').where({ state: 'decided' })).toHaveLength(6);
    } finally {
      await client.destroy();
      await mesh.end();
    }
  }, 150_000);
});

/** Folders in which pg_dump may be, where it is not on the path. */
async function postgresTools(): Promise<string[]> {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? await readdir(debian) : [];
  return versions.sort((a, b) => Number(b) - Number(a)).map((version) => join(debian, version, 'bin'));
}

describe('docs/operations.md', () => {
  /** Those that print nothing where all is well, or do not end. */
  const silent = ['broker-start', 'party-start', 'back-up-postgres', 'restore-postgres'];

  it('has no commands that no test runs, and shows what each prints', async () => {
    const installing = ['install', 'start'];
    const certifying = ['certificates', 'renew', 'next-authority'];
    const founding = ['operator', 'broker-init', 'broker-start'];
    const others = ['party-init', 'party-init-people', 'admit-party', 'accept-party', 'party-start'];
    const joining = ['holder-init', 'admit', 'accept', ...others];
    const rotating = ['rotate', 'sign-rotation', 'admit-rotation', 'retire', 'revoke', 'receipt-before'];
    const storing = ['back-up', 'back-up-postgres', 'restore', 'restore-postgres'];
    const all = [
      ...installing,
      ...certifying,
      ...founding,
      ...joining,
      'well',
      'upgrade',
      ...storing,
      ...rotating,
      'remove',
    ];
    expect([...(await blocksOf()).keys()]).toEqual(all);
    expect([...(await shownBelow()).keys()]).toEqual(all.filter((name) => !silent.includes(name)));
  });
});
