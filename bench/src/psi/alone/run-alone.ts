// Has something measured in a process of its own, which uses the libraries as they are built.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { givenUp } from '../../leaving.js';
import type { Measured, Order } from './measured.js';

const program = fileURLToPath(new URL('./measure-alone.ts', import.meta.url));
const loader = new URL('../../../../scripts/typescript.mjs', import.meta.url).href;

/** Rejects if the process ends without an answer; why, it has written on standard error. */
export async function runAlone(order: Order): Promise<Measured> {
  const child = fork(program, { execArgv: ['--import', loader], signal: givenUp });
  let measured: Measured | undefined;
  child.once('message', (message) => (measured = message as Measured));
  child.send(order);
  const [code] = (await once(child, 'exit')) as [number | null];
  if (measured === undefined || code !== 0) throw new Error(`${order.what} ended with ${code}`);
  return measured;
}
