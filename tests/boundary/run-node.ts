// Runs a program of this workspace as a process of its own: Nx, ESLint and Node's resolver as users meet them, not as a
// test runner's module registry imitates them.
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Run {
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
}

/** What it printed, and its exit code. Nx keeps no daemon and asks nobody over the network. */
export async function runNode({ args, cwd = root, env = {}, stdin = '' }: Run) {
  const quiet = { NX_DAEMON: 'false', NX_NO_CLOUD: 'true', NX_TUI: 'false', NO_COLOR: '1' };
  // Jest's own options (experimental modules) are not for the programs that it starts.
  const child = spawn(process.execPath, args, { cwd, env: { ...process.env, NODE_OPTIONS: '', ...quiet, ...env } });
  child.stdin.end(stdin);
  const ended = new Promise<number | null>((resolve, reject) => child.once('close', resolve).once('error', reject));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { stdout, stderr, code };
}
