// The group by our own kernel (kernel/README.md): WebAssembly that computes two points at a time with relaxed SIMD, four
// times as fast as libsodium's. Its memory is put back after each batch to what it was before any secret.
import { readFile } from 'node:fs/promises';
import { digestsByNode } from '../digests.js';
import {
  BadPoint,
  countOf,
  pointBytes,
  requireScalar,
  requireWeights,
  uniformBytes,
  weightBytes,
  type Engine,
} from '../engine.js';

/** What kernel/assembly/index.ts exports. Addresses are byte offsets into the memory, which never grows. */
interface Kernel {
  readonly memory: { readonly buffer: ArrayBuffer };
  input(): number;
  output(): number;
  scalar(): number;
  weights(): number;
  capacity(): number;
  isFused(): number;
  multiply(count: number, weighed: boolean): number;
  hash(count: number): void;
  hashAndMultiply(count: number, weighed: boolean): void;
  startSum(): void;
  addToSum(count: number): number;
  finishSum(): void;
  multiplyFieldElements(count: number): void;
}

/** The part of the engine's WebAssembly that is used here: TypeScript has its types only for browsers. */
declare const WebAssembly: {
  validate(bytes: Uint8Array): boolean;
  instantiate(bytes: Uint8Array): Promise<{ readonly instance: { readonly exports: unknown } }>;
};

// The same place as seen from src/ and from dist/.
const file = new URL('../../../kernel/dist/kernel.wasm', import.meta.url);

/** `undefined` if the kernel is not built, or this machine does not fuse multiplication and addition. */
export async function openWasmKernel(): Promise<Engine | undefined> {
  const kernel = await openKernel();
  return kernel && engineOf(kernel);
}

/** The kernel itself. */
export async function openKernel(): Promise<Kernel | undefined> {
  const bytes = await kernelBytes();
  // An older V8 does not know relaxed SIMD.
  if (bytes === undefined || !WebAssembly.validate(bytes)) return undefined;
  const { instance } = await WebAssembly.instantiate(bytes);
  const kernel = instance.exports as Kernel;
  return kernel.isFused() === 1 ? kernel : undefined;
}

async function kernelBytes(): Promise<Uint8Array | undefined> {
  try {
    return await readFile(file);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw cause;
  }
}

/** `openWasmKernel`, of a kernel that is open. */
export function engineOf(kernel: Kernel): Engine {
  const memory = new Uint8Array(kernel.memory.buffer);
  const clean = memory.slice();
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
  const wiped = (work: () => Uint8Array) => {
    try {
      return work();
    } finally {
      memory.set(clean);
    }
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
  const sum = (points: Uint8Array, weights: Uint8Array) => {
    const count = countOf(points, pointBytes);
    requireWeights(count, weights);
    kernel.startSum();
    for (let first = 0; first < count; first += capacity) {
      const length = Math.min(capacity, count - first);
      memory.set(points.subarray(first * pointBytes, (first + length) * pointBytes), input);
      takeWeights(weights, first, length);
      const bad = kernel.addToSum(length);
      if (bad >= 0) throw new BadPoint(first + bad);
    }
    return finishedSum();
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
    digests: digestsByNode,
    sum: (points, weights) => wiped(() => sum(points, weights)),
  };
}
