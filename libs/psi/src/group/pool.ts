// Spreads the group's work over all cores: a batch is cut into a part for each thread, so that the wait for it is short.
// Threads start with the first work and end when they have been idle.
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { BadPoint, countOf, pointBytes, requireScalar, requireWeights, uniformBytes, weightBytes } from './engine.js';
import { chooseEngine } from './engines/choose.js';
import type { Multiplied, Part, TaskName, Work } from './pool-worker.js';

export interface Pool {
  /** The name of the engine that all threads use. */
  readonly engine: string;
  readonly threads: number;
  /** As the engine's. The caller keeps both arrays, and wipes them. */
  multiply(points: Uint8Array, scalar: Uint8Array): Promise<Uint8Array>;
  hashAndMultiply(uniform: Uint8Array, scalar: Uint8Array): Promise<Uint8Array>;
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

/** The same for a sum, which takes a tenth of a product, and for each part the work of a few hundred. */
const leastSum = 2_048;

/** Of a thread's heap. Points and the engine's memory are outside of it. */
const resourceLimits = { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 16 };

/** Throws what `chooseEngine` throws, and a RangeError for less than one thread. */
export async function openPool(options: PoolOptions = {}): Promise<Pool> {
  const { threads = availableParallelism(), idleMilliseconds = 30_000 } = options;
  if (!Number.isInteger(threads) || threads < 1) throw new RangeError('a pool takes at least one thread');
  const { name: engine } = await chooseEngine(options.engine);
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

  const spread = async (task: TaskName, batch: Uint8Array, width: number, scalar: Uint8Array) => {
    if (closed !== undefined) throw new PoolClosed();
    const count = countOf(batch, width);
    requireScalar(scalar);
    const size = Math.max(leastPart, Math.ceil(count / threads));
    const parts: Promise<unknown>[] = [];
    for (let first = 0; first < count; first += size) {
      const part = partOf(batch.subarray(first * width, (first + size) * width), scalar);
      parts.push(run(task, part, [part.batch.buffer, part.scalar.buffer]));
    }
    return joined((await Promise.all(parts)) as Multiplied[], count, size);
  };

  const addUp = async (points: Uint8Array, weights: Uint8Array): Promise<Uint8Array> => {
    if (closed !== undefined) throw new PoolClosed();
    requireWeights(points, weights);
    const count = countOf(points, pointBytes);
    const size = Math.max(leastSum, Math.ceil(count / threads));
    const parts: Promise<unknown>[] = [];
    for (let first = 0; first < count; first += size) {
      const batch = new Uint8Array(points.subarray(first * pointBytes, (first + size) * pointBytes));
      const part = {
        batch,
        weights: new Uint8Array(weights.subarray(first * weightBytes, (first + size) * weightBytes)),
      };
      parts.push(run('sum', part, [part.batch.buffer, part.weights.buffer]));
    }
    const sums = joined((await Promise.all(parts)) as Multiplied[], parts.length, size, 1);
    return parts.length < 2 ? (parts.length === 0 ? new Uint8Array(pointBytes) : sums) : addUp(...unweighted(sums));
  };

  return {
    engine,
    threads,
    sum: addUp,
    multiply: (points, scalar) => spread('multiply', points, pointBytes, scalar),
    hashAndMultiply: (uniform, scalar) => spread('hashAndMultiply', uniform, uniformBytes, scalar),
    run: async <Result>(task: TaskName, input: unknown, transfer?: readonly ArrayBuffer[]) =>
      (await run(task, input, transfer)) as Result,
    close: () => (closed ??= piscina.destroy()),
  };
}

function failed(task: TaskName, cause: unknown): Error {
  return new Error(`the task ${task} failed in the pool`, { cause });
}

/** Copies, each with a buffer of its own, to be handed over and wiped in the thread. */
function partOf(batch: Uint8Array, scalar: Uint8Array) {
  return { batch: new Uint8Array(batch), scalar: new Uint8Array(scalar) } satisfies Part;
}

/** `size` items went into each part, and `given` points come out of it. */
function joined(parts: readonly Multiplied[], count: number, size: number, given = size): Uint8Array {
  const points = new Uint8Array(count * pointBytes);
  for (const [index, part] of parts.entries()) {
    if ('badPoint' in part) throw new BadPoint(index * size + part.badPoint);
    points.set(part.points, index * given * pointBytes);
  }
  return points;
}

/** Sums to be added up, each once. The identity, which a sum may be, is no input. */
function unweighted(sums: Uint8Array): [points: Uint8Array, weights: Uint8Array] {
  const each = Array.from({ length: sums.length / pointBytes }, (_, at) =>
    sums.subarray(at * pointBytes, (at + 1) * pointBytes),
  );
  const some = each.filter((point) => point.some((byte) => byte !== 0));
  return [Buffer.concat(some), Uint8Array.from(some.flatMap(() => [1, 0]))];
}
