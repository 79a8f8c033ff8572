import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { askedSince, atRiskChildren as folder } from '@anonymesh/examples';
import { atRiskChildren, placesOf, signInSocialWorker } from '@anonymesh/founding';
import knex, { type Knex } from 'knex';
import { followQueries } from '../mesh/follow-queries.js';
import { startInFolder, type TemporaryMesh } from '../mesh/start-in-folder.js';
import { shortLists } from '../mesh/start-set-mesh.js';
import { until } from '../mesh/until.js';
import { startPostgres, type PrivatePostgres } from '../servers/postgres.js';
import { stopApp } from './stop-app.js';

let postgres: PrivatePostgres;
let database: Knex;
let mesh: TemporaryMesh;
beforeAll(async () => {
  postgres = await startPostgres();
  database = knex({ client: 'pg', connection: postgres.url });
  await database.raw(await readFile(join(folder, 'police.sql'), 'utf8'));
  const example = atRiskChildren(shortLists);
  const template = join(folder, 'templates', 'police.postgresql.yaml');
  const urlIn = (data: string) => join(data, '..', 'keys', 'source.url');
  const source = (data: string) => ({ kind: 'postgres', url: urlIn(data) });
  mesh = await startInFolder({
    examples: [{ ...example, holdings: new Map([...example.holdings, ['police', { template, source }]]) }],
    prepare: async ({ dir }) => {
      const file = urlIn(placesOf(dir, 'police').data);
      await writeFile(file, postgres.url, { mode: 0o600 });
      await chmod(file, 0o600);
    },
  });
}, 120_000);
afterAll(async () => {
  await mesh?.end();
  await database?.destroy();
  await postgres?.stop();
});

async function isRead(): Promise<boolean> {
  const waiting = database('pg_stat_activity').where({ application_name: 'anonymesh', wait_event_type: 'Lock' });
  return (await waiting).length > 0;
}

it('a holder that is asked to end while it waits for rows of a set ends in order, and reads it later', async () => {
  const socialWorker = await signInSocialWorker(mesh);
  // While somebody has locked the table, the holder's statement waits: for ten minutes, if it must.
  const lock = await database.transaction();
  await lock.raw('lock table incident in access exclusive mode');
  const subject = { since: askedSince };
  const asked = await socialWorker.call('POST', '/api/v1/queries', { agreement: 'at-risk-children', subject });
  await until('the set is being read', isRead);
  const { took, said } = await stopApp(mesh, 'police');
  expect(said).toBe('closed');
  expect(took).toBeLessThan(10_000);
  await lock.rollback();
  await mesh.restart('police');
  const { queryId } = asked as { queryId: string };
  expect(await followQueries(socialWorker).ended(queryId, 60)).toMatchObject({ code: 'too-few-matches' });
}, 120_000);
