// The real coordinator and the real aggregator of a large mesh, as they are built, each on a database of its own.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { placesOf, programOf } from '@anonymesh/founding';
import type { PartyId } from '@anonymesh/protocol';
import { writeKeyFile } from '@anonymesh/trust';
import { stringify } from 'yaml';
import { freePort } from '../../../tests/servers/free-port.js';
import type { LargeMesh } from './large-mesh.js';

export interface Operator {
  readonly id: PartyId;
  /** Megabytes that the process holds in memory. */
  memoryMB(): Promise<number>;
  stop(): Promise<void>;
}

export interface Surroundings {
  readonly dir: string;
  readonly broker: string;
  /** The connection string of a party's database. */
  readonly database: (id: PartyId) => string;
}

export async function startOperator(mesh: LargeMesh, id: PartyId, around: Surroundings): Promise<Operator> {
  const port = await freePort();
  const places = placesOf(around.dir, id);
  await writeFiles(mesh, id, around, port);
  const log = openSync(places.log, 'a', 0o600);
  const child = spawn(process.execPath, ['--max-semi-space-size=16', programOf(id), '--config', places.config], {
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  await untilReady(child, `http://127.0.0.1:${port}/health/ready`, places.log);
  return {
    id,
    memoryMB: async () => {
      const [, kilobytes = ''] = /^VmRSS:\s+(\d+)/m.exec(await readFile(`/proc/${child.pid}/status`, 'utf8')) ?? [];
      return Math.round(Number(kilobytes) / 1000);
    },
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

async function writeFiles(mesh: LargeMesh, id: PartyId, around: Surroundings, port: number): Promise<void> {
  const { all, directoryFile, operator, agreements } = mesh;
  const places = placesOf(around.dir, id);
  const party = all.find((each) => each.id === id);
  if (party === undefined) throw new Error(`${id} is not in this mesh`);
  for (const folder of [places.keys, places.agreements]) await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const name of ['signing', 'sealing'] as const) writeKeyFile(places.key(name), party[name]);
  await writeFile(places.brokerSeed, party.broker.seed, { mode: 0o600 });
  await writeFile(places.storeUrl, around.database(id), { mode: 0o600 });
  await writeFile(places.directory, JSON.stringify(directoryFile));
  for (const { signed, signatures } of agreements) {
    await writeFile(`${places.agreements}/${signed.content.id}.yaml`, stringify(signed.content));
    await writeFile(`${places.agreements}/${signed.content.id}.signatures.json`, JSON.stringify(signatures));
  }
  const config = {
    party: id,
    listen: { port },
    broker: { servers: [around.broker], seed: places.brokerSeed },
    keys: { signing: places.key('signing'), sealing: [places.key('sealing')] },
    trust: { directory: places.directory, operator, agreements: places.agreements },
    store: { kind: 'postgres', url: places.storeUrl },
    ...(id === 'aggregator' ? { spool: places.spill } : {}),
  };
  await writeFile(places.config, stringify(config));
}

async function untilReady(child: ChildProcess, url: string, log: string): Promise<void> {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await wait(100)) {
    if (child.exitCode !== null) break;
    if (
      await fetch(url).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return;
  }
  throw new Error(`it does not come up: ${(await readFile(log, 'utf8')).slice(-2000)}`);
}
