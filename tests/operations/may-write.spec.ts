import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { rightToRemain as folder } from '@anonymesh/examples';
import { placesOf, rightToRemain } from '@anonymesh/founding';
import knex from 'knex';
import { logOf } from '../mesh/read-mesh.js';
import { startInFolder, type TemporaryMesh } from '../mesh/start-in-folder.js';
import { until } from '../mesh/until.js';
import { startPostgres, type PrivatePostgres } from '../servers/postgres.js';
import { openConsole } from './console-of.js';
import { examine } from './examine.js';
import { readinessOf } from './readiness-of.js';

const template = join(folder, 'templates', 'hmrc.postgresql.yaml');
let postgres: PrivatePostgres;
let mesh: TemporaryMesh;

const run = async (...statements: string[]) => {
  const client = knex({ client: 'pg', connection: postgres.url });
  for (const statement of statements) await client.raw(statement);
  await client.destroy();
};

beforeAll(async () => {
  postgres = await startPostgres();
  const tables = await readFile(join(folder, 'hmrc.sql'), 'utf8');
  const grant = 'grant select on all tables in schema public to lqi';
  await run(tables, 'revoke create on schema public from public', `create role lqi login password 'reads'`, grant);
  const example = rightToRemain(200);
  const urlIn = (data: string) => join(data, '..', 'keys', 'source.url');
  const source = (data: string) => ({ kind: 'postgres', url: urlIn(data) });
  mesh = await startInFolder({
    examples: [{ ...example, holdings: new Map([...example.holdings, ['hmrc', { template, source }]]) }],
    prepare: async ({ dir }) => {
      const url = new URL(postgres.url);
      [url.username, url.password] = ['lqi', 'reads'];
      const file = urlIn(placesOf(dir, 'hmrc').data);
      await writeFile(file, url.href, { mode: 0o600 });
      await chmod(file, 0o600);
    },
  });
}, 120_000);
afterAll(async () => {
  await mesh?.end();
  await postgres?.stop();
});

it('warns of a database account that may write, in doctor, log and console, and of one that only reads not', async () => {
  const { config } = placesOf(mesh.dir, 'hmrc');
  const staff = await openConsole(mesh, 'hmrc');
  const logged = async () => (await logOf(mesh, 'hmrc')).filter(({ found }) => found === 'database-may-write');
  expect((await examine(config)).found('rights')).toMatchObject({ state: 'well' });
  expect([(await staff.told('rights')).state, await logged()]).toEqual(['well', []]);

  await run('grant update on spell to lqi');
  const warning = { state: 'attention', code: 'database-may-write', todo: expect.stringMatching(/may only read/) };
  const { found, ok } = await examine(config);
  expect([ok, found('rights')]).toEqual([true, expect.objectContaining(warning)]);
  expect(await staff.told('rights')).toMatchObject(warning);
  await until('it is logged', async () => (await logged()).length > 0);
  expect(await logged()).toEqual([expect.objectContaining({ event: 'wellness.attention', check: 'rights' })]);
  expect(await readinessOf(mesh, 'hmrc')).toMatchObject({ status: 200, state: 'ready' });
}, 60_000);
