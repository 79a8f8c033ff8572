// What a large mesh needs of its broker, coordinator and aggregator: for each party that is there, and for each query. All
// parties are connected; the requesters' and the holders' nodes are played, the other three are the real ones.
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { ask, dispatch, relayOutcome } from '@anonymesh/protocol';
import knex from 'knex';
import { startPostgres } from '../../../tests/servers/postgres.js';
import { processorTimes } from '../checks/processor-times.js';
import { untilStopped } from '../leaving.js';
import { answerClear } from './answer.js';
import { compose } from './compose.js';
import { makeLargeMesh, type LargeMesh, type MeshSize } from './large-mesh.js';
import { play, type Played } from './play.js';
import { startBroker, type Broker } from './start-broker.js';
import { startOperator } from './start-operators.js';

const size: MeshSize = { holders: 100, requesters: 1000 };
/** Seconds without, and with queries; and how many of those are asked in each. */
const idleSeconds = 20;
const busySeconds = 30;
const perSecond = 8;
const operators = ['coordinator', 'aggregator'];
const measured = ['nats-server', ...operators, 'postgres'];

export async function measureScale(): Promise<object> {
  const mesh = await makeLargeMesh(size);
  const broker = await startBroker(mesh);
  const stopBroker = untilStopped(() => broker.nats.stop());
  const empty = await broker.now();
  const database = await startDatabases();
  const dir = await mkdtemp(join(tmpdir(), 'anonymesh-bench-'));
  const remove = untilStopped(() => rm(dir, { recursive: true, force: true }));
  const around = { dir, broker: broker.nats.url, database: database.of };
  const apps = await Promise.all(operators.map((id) => startOperator(mesh, id, around)));
  const stopApps = untilStopped(async () => void (await Promise.all(apps.map((app) => app.stop()))));
  const ended = new Map<string, () => void>();
  const players = await playAll(mesh, broker, (query) => ended.get(query)?.());
  const stopPlayers = untilStopped(async () => void (await Promise.all(players.all.map((each) => each.stop()))));
  try {
    await wait(5000);
    const connected = await broker.now();
    const idle = await spentIn(() => wait(idleSeconds * 1000));
    const [before, stored] = [await broker.now(), await database.kilobytes()];
    const took: number[] = [];
    const busy = await spentIn(async () => void took.push(...(await askAll(mesh, players, ended))));
    const [after, storedAfter] = [await broker.now(), await database.kilobytes()];
    took.sort((a, b) => a - b);
    const share = (name: string) => (busy.get(name) ?? 0) / took.length;
    return {
      ...size,
      ...broker.figures,
      brokerEmptyMB: empty.memoryMB,
      brokerConnectedMB: connected.memoryMB,
      connections: connected.connections,
      ...Object.fromEntries(await Promise.all(apps.map(async (app) => [`${app.id}MB`, await app.memoryMB()] as const))),
      idleMsPerSecond: rounded(measured, (name) => (idle.get(name) ?? 0) / idleSeconds),
      queries: took.length,
      msPerQuery: rounded(measured, share),
      messagesPerQuery: Math.round((after.messages - before.messages) / took.length),
      storeKBPerQuery: rounded(operators, (id) => ((storedAfter[id] ?? 0) - (stored[id] ?? 0)) / took.length),
      p50Ms: Math.round(took[Math.floor(took.length / 2)] ?? NaN),
      cores: cpus().length,
    };
  } finally {
    for (const stop of [stopPlayers, stopApps, () => database.stop(), stopBroker, remove]) await stop();
  }
}

function rounded(names: readonly string[], of: (name: string) => number): Record<string, number> {
  return Object.fromEntries(names.map((name) => [name, Math.round(of(name) * 100) / 100]));
}

/** Milliseconds of processor that each program used meanwhile. */
async function spentIn(work: () => Promise<void>): Promise<Map<string, number>> {
  const before = await processorTimes();
  await work();
  return new Map([...(await processorTimes())].map(([name, time]) => [name, time - (before.get(name) ?? 0)]));
}

interface Players {
  readonly all: readonly Played[];
  readonly requesters: readonly Played[];
}

async function playAll(mesh: LargeMesh, broker: Broker, onEnd: (query: string) => void): Promise<Players> {
  const at = { url: broker.nats.url, plan: broker.plan };
  const of = (kind: string) => mesh.all.filter((party) => party.kind === kind);
  const holders = of('holder').map(
    ({ id }) =>
      () =>
        play(mesh, at, id, [dispatch], (letter, courier) => answerClear(courier, mesh.agreementOf(id), letter)),
  );
  const requesters = of('requester').map(
    ({ id }) =>
      () =>
        play(mesh, at, id, [relayOutcome], ({ queryId = '' }) => onEnd(queryId)),
  );
  const all: Played[] = [];
  // A few at a time: the broker signs each of them in.
  for (let first = 0; first < holders.length + requesters.length; first += 50)
    all.push(...(await Promise.all([...holders, ...requesters].slice(first, first + 50).map((start) => start()))));
  return { all, requesters: all.slice(holders.length) };
}

/** So many a second, each by another requester. The milliseconds from asking to the outcome. */
async function askAll(mesh: LargeMesh, { requesters }: Players, ended: Map<string, () => void>): Promise<number[]> {
  const began = performance.now();
  const asked: Promise<number>[] = [];
  for (let number = 0; number < perSecond * busySeconds; number += 1) {
    await wait(Math.max(0, began + (number * 1000) / perSecond - performance.now()));
    const requester = requesters[(number * 37) % requesters.length];
    if (requester !== undefined) asked.push(askOnce(mesh, requester, ended));
  }
  return Promise.all(asked);
}

async function askOnce(mesh: LargeMesh, { courier }: Played, ended: Map<string, () => void>): Promise<number> {
  const agreement = mesh.agreementOf(courier.self.id);
  const { queryId, body } = await compose(courier.self, agreement);
  const outcome = new Promise<void>((resolve) => ended.set(queryId, resolve));
  const began = performance.now();
  const answer = await courier.request(ask, { to: 'coordinator', queryId, body });
  if ('refused' in answer) throw new Error(`refused: ${answer.refused}`);
  await outcome;
  return performance.now() - began;
}

async function startDatabases() {
  const server = await startPostgres({ durable: true });
  const stop = untilStopped(() => server.stop());
  const client = knex({ client: 'pg', connection: server.url });
  for (const id of operators) await client.raw('create database ??', [id]);
  return {
    of: (id: string) => server.url.replace(/\/postgres$/, `/${id}`),
    kilobytes: async (): Promise<Record<string, number>> => {
      const { rows } = await client.raw<{ rows: { id: string; bytes: string }[] }>(
        'select datname as id, pg_database_size(datname) as bytes from pg_database where datname = any(?)',
        [operators],
      );
      return Object.fromEntries(rows.map(({ id, bytes }) => [id, Number(bytes) / 1000]));
    },
    stop: async () => {
      await client.destroy();
      await stop();
    },
  };
}
