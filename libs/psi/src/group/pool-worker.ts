// Runs in each thread of the pool: opens the pool's engine once, and does the tasks that are listed here.
import { move, transferableSymbol, valueSymbol } from 'piscina';
import { workerData } from 'node:worker_threads';
import { BadPoint, type Engine } from './engine.js';
import type { TokenBatch } from '../holder/tokens.js';
import { chooseEngine } from './engines/choose.js';
import type { Multiplied, Part } from './parts.js';
import { wipe } from './wipe.js';

/** A task's result, and the buffers in it that are handed over instead of copied. */
export interface Done<Result extends object> {
  readonly result: Result;
  readonly transfer: readonly ArrayBuffer[];
}

/** What the pool can be asked by name. Heavy ones import what they need when they are first called. */
const tasks = {
  multiply: (part: Part, engine: Engine) =>
    multiplied(part, ({ batch, weights }) => engine.multiply(batch, scalarOf(part), weights)),
  hashAndMultiply: (part: Part, engine: Engine) =>
    multiplied(part, ({ batch, weights }) => engine.hashAndMultiply(batch, scalarOf(part), weights)),
  sum: (part: Part, engine: Engine) =>
    multiplied(part, ({ batch, weights }) => engine.sum(batch, weights ?? new Uint8Array())),
  tokens: async (batch: TokenBatch, engine: Engine): Promise<Done<{ readonly tokens: Uint8Array }>> => {
    const { tokensOf } = await import('../holder/tokens.js');
    const tokens = new Uint8Array(tokensOf(batch, (...asked) => engine.digests(...asked)));
    const { points, releases, pairSecrets } = batch;
    wipe(
      points,
      ...Object.values(pairSecrets),
      ...(releases === undefined ? [] : [releases.seed, releases.exportSecret]),
    );
    return { result: { tokens }, transfer: [tokens.buffer] };
  },
};

export type TaskName = keyof typeof tasks;

export interface Work {
  readonly task: TaskName;
  readonly input: unknown;
}

let opened: Promise<Engine> | undefined;

/** Called by piscina, in the thread, for each piece of work. */
export default async function work({ task, input }: Work): Promise<unknown> {
  opened ??= chooseEngine((workerData as { engine: string }).engine);
  const run = tasks[task] as (input: unknown, engine: Engine) => Promise<Done<object>> | Done<object>;
  const { result, transfer } = await run(input, await opened);
  return move({ [transferableSymbol]: transfer, [valueSymbol]: result });
}

function scalarOf({ scalar }: Part): Uint8Array {
  return scalar ?? new Uint8Array();
}

function multiplied(part: Part, compute: (part: Part) => Uint8Array): Done<Multiplied> {
  try {
    const points = new Uint8Array(compute(part));
    return { result: { points }, transfer: [points.buffer] };
  } catch (cause) {
    if (!(cause instanceof BadPoint)) throw cause;
    return { result: { badPoint: cause.index }, transfer: [] };
  } finally {
    const { batch, scalar, weights } = part;
    wipe(batch, ...(scalar === undefined ? [] : [scalar]), ...(weights === undefined ? [] : [weights]));
  }
}
