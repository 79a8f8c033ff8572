// Runs one database server for the tests, in a temporary folder and as an unprivileged user, and makes sure that it ends
// with the tests, also when they are killed.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

export interface PrivateServer {
  /** Ends the server, keeping its data. */
  down(): Promise<void>;
  /** Starts it again, on the same port. */
  up(): Promise<void>;
  /** Ends the server and removes its folder. */
  stop(): Promise<void>;
}

export interface Account {
  uid?: number;
  gid?: number;
}

export interface Launch {
  command: string;
  parameters: readonly string[];
  folder: string;
  account: Account;
  port: number;
  /** Polled after the port is open, until it no longer rejects. */
  probe: () => Promise<unknown>;
  endWith?: NodeJS.Signals;
  env?: NodeJS.ProcessEnv;
}

export const run = promisify(execFile);

/** Database servers refuse to run as root: as root, the first of these users that exists. */
export async function unprivileged(...users: string[]): Promise<Account> {
  if (process.getuid?.() !== 0) return {};
  for (const user of [...users, 'nobody']) {
    const [uid, gid] = await Promise.all(['-u', '-g'].map((which) => idOf(which, user)));
    if (uid !== undefined && gid !== undefined) return { uid, gid };
  }
  throw new Error('no unprivileged user to run a database server as');
}

export async function temporaryFolder(name: string, { uid, gid }: Account): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `anonymesh-${name}-`));
  if (uid !== undefined && gid !== undefined) await chown(folder, uid, gid);
  return folder;
}

export async function launch(settings: Launch): Promise<PrivateServer> {
  const { folder, endWith = 'SIGTERM' } = settings;
  const remove = () => rm(folder, { recursive: true, force: true, maxRetries: 3 });
  let running: { end(): Promise<void> } | undefined = await start(settings, endWith).catch(async (error: unknown) => {
    await remove();
    throw error;
  });
  const down = async () => {
    await running?.end();
    running = undefined;
  };
  return {
    down,
    up: async () => {
      running ??= await start(settings, endWith);
    },
    stop: async () => {
      await down();
      await remove();
    },
  };
}

async function start({ command, parameters, folder, account, port, probe, env }: Launch, endWith: NodeJS.Signals) {
  const server = spawn(command, parameters, {
    ...account,
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const output of [server.stdout, server.stderr])
    output.on('data', (text: Buffer) => (said = (said + text.toString()).slice(-4000)));
  const ended = new AbortController();
  server.once('close', () => ended.abort()).once('error', () => ended.abort());
  const exited = once(ended.signal, 'abort');
  const keeper = keep(server.pid, folder, endWith);
  const end = async () => {
    keeper.kill();
    server.kill(endWith);
    await exited;
  };
  try {
    await untilReady(port, probe, ended.signal);
  } catch (cause) {
    await end();
    throw new Error(`${command} did not start: ${said}`, { cause });
  }
  return { end };
}

// jest gives no sign to a file that it kills, so the end of our process is noticed by a second one, as end of input.
function keep(pid: number | undefined, folder: string, endWith: NodeJS.Signals) {
  const script =
    'cat; kill -"$3" "$1"; for i in 1 2 3 4 5 6 7 8 9 10; do kill -0 "$1" || break; sleep 0.3; done; ' +
    'kill -9 "$1"; rm -rf "$2" || { sleep 1; rm -rf "$2"; }';
  const parameters = ['-c', script, 'keeper', String(pid), folder, endWith.replace('SIG', '')];
  const keeper = spawn('/bin/sh', parameters, { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  keeper.unref();
  return keeper;
}

async function untilReady(port: number, probe: () => Promise<unknown>, ended: AbortSignal): Promise<void> {
  for (const deadline = Date.now() + 30_000; ;) {
    try {
      await knock(port);
      await probe();
      return;
    } catch (error) {
      if (ended.aborted || Date.now() > deadline) throw error;
      await delay(25);
    }
  }
}

async function knock(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
  } finally {
    socket.destroy();
  }
}

async function idOf(which: string, user: string): Promise<number | undefined> {
  try {
    return Number((await run('id', [which, user])).stdout);
  } catch {
    return undefined;
  }
}
