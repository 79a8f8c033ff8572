// The group by our own kernel (kernel/README.md): WebAssembly that computes two points at a time with relaxed SIMD, four
// times as fast as libsodium's. Its memory is put back after each batch to what it was before any secret.
import {
  BadPoint,
  countOf,
  pointBytes,
  requireScalar,
  requireWeights,
  uniformBytes,
  weightBytes,
  type Digests,
  type Engine,
} from '../engine.js';
import { openDigests } from './kernel-digests.js';
import { openKernelFile, wiperOf } from './kernel-file.js';
import { sumBy, type Sums } from './kernel-sums.js';

/** What kernel/assembly/index.ts exports. */
interface Kernel extends Sums {
  scalar(): number;
  isFused(): number;
  multiply(count: number, weighed: boolean): number;
  hash(count: number): void;
  hashAndMultiply(count: number, weighed: boolean): void;
}

/** `undefined` if the kernel is not built, or this machine does not fuse multiplication and addition. */
export async function openWasmKernel(): Promise<Engine | undefined> {
  const [kernel, digests] = await Promise.all([openKernel(), openDigests()]);
  return kernel && digests && engineOf(kernel, digests);
}

/** The kernel itself. */
export async function openKernel(): Promise<Kernel | undefined> {
  const kernel = await openKernelFile<Kernel>('kernel.wasm');
  return kernel?.isFused() === 1 ? kernel : undefined;
}

/** `openWasmKernel`, of a kernel that is open. */
export function engineOf(kernel: Kernel, digests: Digests): Engine {
  const memory = new Uint8Array(kernel.memory.buffer);
  const wiped = wiperOf(kernel);
  const capacity = kernel.capacity();
  const input = kernel.input();
  const output = kernel.output();

  /**
   * Takes the batch through the memory, run by run; `step` returns the place of a bad point, or -1. With weights the sum
   * follows the results.
   */
  const pass = (
    batch: Uint8Array,
    width: number,
    step: (length: number, weighed: boolean) => number,
    weights?: Uint8Array,
  ) => {
    const count = countOf(batch, width);
    requireWeights(count, weights);
    const results = new Uint8Array((count + (weights === undefined ? 0 : 1)) * pointBytes);
    if (weights !== undefined) kernel.startSum();
    for (let first = 0; first < count; first += capacity) {
      const length = Math.min(capacity, count - first);
      memory.set(batch.subarray(first * width, (first + length) * width), input);
      if (weights !== undefined) takeWeights(weights, first, length);
      const bad = step(length, weights !== undefined);
      if (bad >= 0) throw new BadPoint(first + bad);
      results.set(memory.subarray(output, output + length * pointBytes), first * pointBytes);
    }
    if (weights !== undefined) results.set(finishedSum(), count * pointBytes);
    return results;
  };
  const takeWeights = (weights: Uint8Array, first: number, length: number) =>
    memory.set(weights.subarray(first * weightBytes, (first + length) * weightBytes), kernel.weights());
  const finishedSum = () => {
    kernel.finishSum();
    return memory.slice(output, output + pointBytes);
  };
  const withScalar = (scalar: Uint8Array, work: () => Uint8Array) => {
    requireScalar(scalar);
    memory.set(scalar, kernel.scalar());
    return wiped(work);
  };
  /** No product of a point that is not the identity is the identity; uniform bytes may be chosen to derive it. */
  const identityAmong = (length: number) => {
    for (let place = 0; place < length; place++) {
      const at = output + place * pointBytes;
      if (memory.subarray(at, at + pointBytes).every((byte) => byte === 0)) return place;
    }
    return -1;
  };

  return {
    name: 'wasm-kernel',
    hash: (uniform) => wiped(() => pass(uniform, uniformBytes, (length) => (kernel.hash(length), -1))),
    multiply: (batch, scalar, weights) =>
      withScalar(scalar, () => pass(batch, pointBytes, (...run) => kernel.multiply(...run), weights)),
    hashAndMultiply: (uniform, scalar, weights) =>
      withScalar(scalar, () =>
        pass(
          uniform,
          uniformBytes,
          (length, weighed) => (kernel.hashAndMultiply(length, weighed), identityAmong(length)),
          weights,
        ),
      ),
    digests,
    sum: sumBy(kernel),
  };
}
