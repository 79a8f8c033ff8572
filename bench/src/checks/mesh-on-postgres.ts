// A mesh whose apps all keep their state in PostgreSQL, with fsync, as in production; in a temporary folder.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { foundMesh, freePortsFor, partiesOf, rightToRemain, startMesh, type RunningMesh } from '@anonymesh/founding';
import knex from 'knex';
import { givenUp, untilStopped } from '../leaving.js';
import { startPostgres } from '../../../tests/servers/postgres.js';

const examples = [rightToRemain()];
const parties = partiesOf(examples);
/** What a node does unless it is told otherwise; the sandbox signs its logs more often, for who watches. */
const checkpointEvery = 60_000;
/** As an operator would set it for load; the sandbox saves memory instead. */
const youngGeneration = '--max-semi-space-size=16';

export interface MeshOnPostgres {
  readonly mesh: RunningMesh;
  readonly stop: () => Promise<void>;
}

/** `profiles`: a folder in which every app leaves a profile of its processor's time. */
export async function startMeshOnPostgres(profiles: string | undefined): Promise<MeshOnPostgres> {
  const dir = await mkdtemp(join(tmpdir(), 'anonymesh-bench-'));
  const remove = untilStopped(() => rm(dir, { recursive: true, force: true }));
  const server = await startPostgres({ durable: true });
  const stopServer = untilStopped(() => server.stop());
  const withStore = parties.filter(({ kind }) => kind !== 'portal').map(({ id }) => id);
  const client = knex({ client: 'pg', connection: server.url });
  for (const id of withStore) await client.raw('create database ??', [id]);
  await client.destroy();
  const postgres = new Map(withStore.map((id) => [id, server.url.replace(/\/postgres$/, `/${id}`)]));
  const ports = await freePortsFor(parties);
  const cache = fileURLToPath(new URL('../../../node_modules/.cache/anonymesh', import.meta.url));
  const mesh = await startMesh(await foundMesh({ dir, cache, ports, postgres, examples, checkpointEvery }), {
    givenUp,
    nodeOptions: [youngGeneration, ...(profiles === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profiles}`])],
  });
  const stopMesh = untilStopped(() => mesh.stop());
  return {
    mesh,
    stop: async () => {
      await stopMesh();
      await stopServer();
      await remove();
    },
  };
}
