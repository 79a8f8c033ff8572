// One program of the mesh as a child process, its output in a log file. Nothing is killed but what was started here.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

export interface Program {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly log: string;
  /** Resolves to true once it can do its work. */
  readonly isReady: () => Promise<boolean>;
}

export interface Child {
  readonly name: string;
  readonly pid: number | undefined;
  /** Rejects, naming the log, if the program ends before it is ready or takes too long. */
  ready(): Promise<void>;
  /** Lets it finish; kills it after some seconds. */
  stop(): Promise<void>;
  /** Kills it at once, as a power cut would. */
  kill(): Promise<void>;
}

const patience = 60_000;
/** Milliseconds between two looks whether it is ready. */
const interval = 100;
const patienceWithStopping = 8_000;

export function startChild(program: Program): Child {
  const log = openSync(program.log, 'a', 0o600);
  const child = spawn(program.command, program.args, { stdio: ['ignore', log, log], env: environment() });
  closeSync(log);
  const ended = once(child, 'exit').catch(() => undefined); // one that cannot be started ends with `error`
  return {
    name: program.name,
    pid: child.pid,
    ready: () => untilReady(program, child),
    stop: async () => {
      if (hasEnded(child)) return;
      child.kill('SIGTERM');
      const late = new AbortController();
      const insist = wait(patienceWithStopping, undefined, { signal: late.signal })
        .then(() => child.kill('SIGKILL'))
        .catch(() => false);
      await ended;
      late.abort();
      await insist;
    },
    kill: async () => {
      if (!hasEnded(child)) child.kill('SIGKILL');
      await ended;
    },
  };
}

async function untilReady({ name, log, isReady }: Program, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + patience;
  while (!(await isReady().catch(() => false))) {
    if (hasEnded(child)) throw new Error(`${name} has ended before it was ready: see ${log}`);
    if (Date.now() > deadline) throw new Error(`${name} is not ready after ${patience / 1000} s: see ${log}`);
    await wait(interval);
  }
}

function hasEnded({ exitCode, signalCode, pid }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null || pid === undefined;
}

/** As in our images: how much memory glibc keeps that was freed (docs/performance.md). */
export const glibcLimits = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '131072' } as const;

/** Nothing of our own environment that changes how a program behaves: it is to run as it would anywhere. */
function environment(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _ours, ...rest } = process.env;
  return { ...rest, NODE_ENV: 'development', ...glibcLimits };
}
