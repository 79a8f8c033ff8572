// Runs the sandbox program as a user would, and watches what it starts.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { programOf } from '@anonymesh/founding';
import { treeOf } from './process-tree.js';

export interface SandboxRun {
  readonly pid: number;
  /** What it has printed until now. */
  printed(): string;
  complained(): string;
  /** Every process of it that has been seen. */
  readonly seen: ReadonlySet<number>;
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
  signal(name: 'SIGINT' | 'SIGTERM' | 'SIGKILL'): void;
}

const program = programOf('sandbox');

/** As scripts/start.mjs does. */
const asStarted = ['--max-semi-space-size=2', '--optimize-for-size'];

export function runSandbox(args: readonly string[], env: NodeJS.ProcessEnv = {}): SandboxRun {
  const { NODE_OPTIONS: _jests, ...own } = process.env;
  const child = spawn(process.execPath, [...asStarted, program, ...args], {
    env: { ...own, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { pid = 0 } = child;
  let printed = '';
  let complained = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complained += text));
  const seen = new Set<number>();
  const look = setInterval(() => treeOf(pid).forEach((each) => seen.add(each)), 100);
  const ended = once(child, 'close').then(([code, signal]) => {
    clearInterval(look);
    return (code ?? signal) as number | string;
  });
  return {
    pid,
    seen,
    ended,
    printed: () => printed,
    complained: () => complained,
    signal: (name) => void child.kill(name),
  };
}
