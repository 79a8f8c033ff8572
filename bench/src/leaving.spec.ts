import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';

const loader = new URL('../../scripts/typescript.mjs', import.meta.url).href;
const leaving = new URL('./leaving.ts', import.meta.url).href;
const root = fileURLToPath(new URL('../..', import.meta.url));

/** Runs a benchmark that does this, and sends it a signal once it says `ready`. */
async function interrupted(program: string, signal: NodeJS.Signals) {
  const text = `import { givenUp, orLeave, untilStopped } from '${leaving}';\n${program}`;
  const { NODE_OPTIONS: _jests, ...env } = process.env;
  const args = ['--conditions=development', `--import=${loader}`, '--input-type=module', '-e', text];
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    printed += chunk;
    if (chunk.includes('ready')) child.kill(signal);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, printed: printed.trim().split('\n') };
}

it.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)(
  'a benchmark that gets %s stops all that it started, the last first, and exits with %d',
  async (signal, code) => {
    const ended = await interrupted(
      `await orLeave(async () => {
      untilStopped(async () => console.log('database stopped'));
      const stop = untilStopped(async () => console.log('mesh stopped'));
      const beat = setInterval(() => undefined, 1000);
      console.log('ready');
      await new Promise((resolve, reject) => givenUp.addEventListener('abort', () => setTimeout(reject, 100)));
    });`,
      signal,
    );
    expect(ended).toEqual({ code, printed: ['ready', 'mesh stopped', 'database stopped'] });
  },
);

it('what is just starting has the time to give up', async () => {
  const { printed } = await interrupted(
    `await orLeave(async () => {
      const beat = setInterval(() => undefined, 1000);
      console.log('ready');
      await new Promise((resolve) => givenUp.addEventListener('abort', resolve));
      await new Promise((resolve) => setTimeout(resolve, 300));
      console.log('given up');
      untilStopped(async () => console.log('database stopped'));
      throw new Error('broken off');
    });`,
    'SIGTERM',
  );
  expect(printed).toEqual(['ready', 'given up', 'database stopped']);
});

it('a benchmark that ends by itself has its result, and what it stopped is stopped once', async () => {
  const { code, printed } = await interrupted(
    `const result = await orLeave(async () => {
      const stop = untilStopped(async () => console.log('stopped'));
      await Promise.all([stop(), stop()]);
      return 'measured';
    });
    console.log(result);`,
    'SIGTERM',
  );
  expect({ code, printed }).toEqual({ code: 0, printed: ['stopped', 'measured'] });
});
