// Spreads the group's work over all cores: a batch is cut into a part for each thread, so that the wait for it is short.
// Threads start with the first work and end when they have been idle.
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { countOf, pointBytes, requireScalar, requireWeights, uniformBytes, type Digests } from './engine.js';
import { chooseEngine } from './engines/choose.js';
import { buffersOf, cut, joined, type Batch, type Multiplied } from './parts.js';
import type { TaskName, Work } from './pool-worker.js';

export interface Pool {
  /** The name of the engine that all threads use. */
  readonly engine: string;
  readonly threads: number;
  /** The engine's, in the thread that calls. */
  readonly digests: Digests;
  /** As the engine's. The caller keeps all arrays, and wipes them. */
  multiply(points: Uint8Array, scalar: Uint8Array, weights?: Uint8Array): Promise<Uint8Array>;
  hashAndMultiply(uniform: Uint8Array, scalar: Uint8Array, weights?: Uint8Array): Promise<Uint8Array>;
  /** As the engine's: one point, which may be the identity. */
  sum(points: Uint8Array, weights: Uint8Array): Promise<Uint8Array>;
  /** One piece of work in one thread, by its name in `pool-worker.ts`. Buffers in `transfer` are handed over. */
  run<Result>(task: TaskName, input: unknown, transfer?: readonly ArrayBuffer[]): Promise<Result>;
  /** Ends the threads, also in the middle of work: that, and all that is asked later, rejects with PoolClosed. */
  close(): Promise<void>;
}

export interface PoolOptions {
  /** As many as there are cores, unless given. */
  readonly threads?: number;
  /** The fastest that works here, unless named. */
  readonly engine?: string;
  /** After which a thread without work ends; 30,000 unless given. */
  readonly idleMilliseconds?: number;
}

export class PoolClosed extends Error {
  override readonly name = 'PoolClosed';
}

/** Below this many points a part is not worth its way to another thread and back. */
const leastPart = 32;

/** The same for a sum: a point takes a tenth of the work of a product. */
const leastSum = 512;

/** Of a thread's heap. Points and the engine's memory are outside of it. */
const resourceLimits = { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 16 };

/** Throws what `chooseEngine` throws, and a RangeError for less than one thread. */
export async function openPool(options: PoolOptions = {}): Promise<Pool> {
  const { threads = availableParallelism(), idleMilliseconds = 30_000 } = options;
  if (!Number.isInteger(threads) || threads < 1) throw new RangeError('a pool takes at least one thread');
  const here = await chooseEngine(options.engine);
  const { name: engine } = here;
  const piscina = new Piscina<Work, unknown>({
    minThreads: 0,
    maxThreads: threads,
    idleTimeout: idleMilliseconds,
    resourceLimits,
    workerData: { engine },
    // Of our environment only what Node itself needs: the threads have no use for anything else.
    env: { NODE_OPTIONS: process.env['NODE_OPTIONS'] ?? '' },
    recordTiming: false,
  });
  const filename = fileURLToPath(new URL('./pool-worker.js', import.meta.url));

  // Piscina tells of a thread that could not start here only, and would let its work wait for ever.
  let fault: Error | undefined;
  piscina.on('error', (cause: Error) => {
    fault = cause;
    void piscina.destroy();
  });

  let closed: Promise<void> | undefined;
  const run = async (task: TaskName, input: unknown, transfer: readonly ArrayBuffer[] = []) => {
    if (closed !== undefined) throw new PoolClosed();
    try {
      const result = await piscina.run({ task, input }, { filename, transferList: [...transfer] });
      fault = undefined;
      return result;
    } catch (cause) {
      if (closed !== undefined) throw new PoolClosed('closed in the middle of work', { cause });
      throw failed(task, fault ?? cause);
    }
  };

  const spread = async (task: TaskName, batch: Batch, least: number) => {
    if (closed !== undefined) throw new PoolClosed();
    const count = countOf(batch.batch, batch.width);
    if (batch.scalar !== undefined) requireScalar(batch.scalar);
    requireWeights(count, batch.weights);
    const size = Math.max(least, Math.ceil(count / threads));
    const parts = cut(batch, size).map((part) => run(task, part, buffersOf(part)));
    return joined((await Promise.all(parts)) as Multiplied[], size, batch.weights !== undefined, here);
  };

  return {
    engine,
    threads,
    digests: (...asked) => here.digests(...asked),
    multiply: (batch, scalar, weights) => spread('multiply', { batch, width: pointBytes, scalar, weights }, leastPart),
    hashAndMultiply: (batch, scalar, weights) =>
      spread('hashAndMultiply', { batch, width: uniformBytes, scalar, weights }, leastPart),
    sum: (batch, weights) => spread('sum', { batch, width: pointBytes, weights }, leastSum),
    run: async <Result>(task: TaskName, input: unknown, transfer?: readonly ArrayBuffer[]) =>
      (await run(task, input, transfer)) as Result,
    close: () => (closed ??= piscina.destroy()),
  };
}

function failed(task: TaskName, cause: unknown): Error {
  return new Error(`the task ${task} failed in the pool`, { cause });
}
