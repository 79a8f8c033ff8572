// Starts a part of an app's own program, so that config, keys and databases are read as its node reads them; what it is
// given goes to it on its input, for a command line can be read by everybody on the machine.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { No } from '../telling/no.js';

export interface Program {
  readonly app: string;
  /** Below its sources, without the ending. */
  readonly entry: string;
}

/** What it printed. Throws where it ended with a fault, and says what it said. */
export async function runProgram(program: Program, args: readonly string[], input = ''): Promise<string> {
  const { file, env } = placeOf(program);
  const child = spawn(process.execPath, [file, ...args], { env });
  child.stdin.on('error', () => undefined); // it may end before it has read anything; its exit code says so
  child.stdin.end(input);
  const ended = new Promise<number | null>((settle, reject) => child.once('close', settle).once('error', reject));
  const [out, error, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  if (code === 0) return out;
  const said = error.trim() || `the program of ${program.app} ended without a word`;
  throw new No('usage', said.split('\n'));
}

/** The same from `src` and from `dist`: whichever runs starts its own kind, and so do the processes that it starts. */
function placeOf({ app, entry }: Program): { readonly file: string; readonly env: NodeJS.ProcessEnv } {
  const at = (path: string) => new URL(`../../../../${path}`, import.meta.url);
  if (import.meta.url.endsWith('.ts')) {
    const options = `--conditions=development --import=${at('scripts/typescript.mjs').href}`;
    return { file: fileURLToPath(at(`apps/${app}/src/${entry}.ts`)), env: { ...process.env, NODE_OPTIONS: options } };
  }
  const file = fileURLToPath(at(`dist/${app}/${entry}.js`));
  if (!existsSync(file)) throw new No('usage', `the program of ${app} is not installed beside this one: npm run build`);
  return { file, env: process.env };
}
