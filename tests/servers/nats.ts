// A real nats-server for tests: on a free port, in a temporary folder, with any configuration. It is only ever killed,
// never asked to end, so that what it has acknowledged must be what it has stored.

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { freePort } from './free-port.js';
import { launch, temporaryFolder } from './private-server.js';

export interface RunningNats {
  readonly url: string;
  readonly port: number;
  /** What the server has logged since its first start, refusals included. */
  log(): Promise<string>;
  /** Kills the server and starts it on the same port and store; with another configuration, if one is given. */
  restart(configured?: (place: Place) => string): Promise<void>;
  /** Lets the server read another configuration while it runs, and waits until it has. */
  reload(configured: (place: Place) => string): Promise<void>;
  /** Kills the server and removes its folder. */
  stop(): Promise<void>;
}

export interface Place {
  readonly port: number;
  readonly storeDir: string;
}

/** `configure` gives the text of nats-server.conf for the place it is told; without it, a server that is open to all. */
export async function startNats(configure: (place: Place) => string = openToAll): Promise<RunningNats> {
  const folder = await temporaryFolder('nats', {});
  const port = await freePort();
  const file = join(folder, 'nats-server.conf');
  const log = join(folder, 'nats-server.log');
  const pid = join(folder, 'nats-server.pid');
  const reloads = async () => (await readFile(log, 'utf8')).split('Reloaded server configuration').length;
  const write = (text: (place: Place) => string) => writeFile(file, text({ port, storeDir: join(folder, 'store') }));
  await write(configure);
  const server = await launch({
    command: 'nats-server',
    parameters: ['-c', file, '-l', log, '-P', pid],
    folder,
    account: {},
    port,
    probe: async () => undefined,
    endWith: 'SIGKILL',
  });
  return {
    url: `nats://127.0.0.1:${port}`,
    port,
    log: async () => readFile(log, 'utf8'),
    restart: async (configured = configure) => {
      await server.down();
      await write(configured);
      await server.up();
    },
    reload: async (configured) => {
      await write(configured);
      // Twice, as `mesh broker configure` does: servers before 2.10 give a new account its imports only then.
      for (let time = 0; time < 2; time += 1) {
        const before = await reloads();
        process.kill(Number(await readFile(pid, 'utf8')), 'SIGHUP');
        while ((await reloads()) === before) await wait(20);
      }
    },
    stop: () => server.stop(),
  };
}

function openToAll({ port, storeDir }: Place): string {
  return JSON.stringify({ host: '127.0.0.1', port, jetstream: { store_dir: storeDir } });
}
