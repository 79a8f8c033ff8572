// Weighted sums by our own kernel, also for engines that have none: the kernel's sums are compiled by themselves too, for
// every machine (kernel/README.md). Each point is decoded once, and neither time nor cache tells a weight.
import { BadPoint, countOf, pointBytes, requireWeights, weightBytes, type Engine } from '../engine.js';
import { openKernelFile, wiperOf, type Opened } from './kernel-file.js';

/** What kernel/assembly/sums.ts exports. */
export interface Sums extends Opened {
  input(): number;
  output(): number;
  weights(): number;
  capacity(): number;
  startSum(): void;
  addToSum(count: number): number;
  finishSum(): void;
  multiplyFieldElements(count: number): void;
}

/** `undefined` if they are not built. */
export async function openSums(): Promise<Sums | undefined> {
  return openKernelFile<Sums>('sums.wasm');
}

/** As an engine's `sum`. */
export function sumBy(kernel: Sums): Engine['sum'] {
  const memory = new Uint8Array(kernel.memory.buffer);
  const wiped = wiperOf(kernel);
  const [input, output, capacity] = [kernel.input(), kernel.output(), kernel.capacity()];
  const sum = (points: Uint8Array, weights: Uint8Array) => {
    const count = countOf(points, pointBytes);
    requireWeights(count, weights);
    kernel.startSum();
    for (let first = 0; first < count; first += capacity) {
      const length = Math.min(capacity, count - first);
      memory.set(points.subarray(first * pointBytes, (first + length) * pointBytes), input);
      memory.set(weights.subarray(first * weightBytes, (first + length) * weightBytes), kernel.weights());
      const bad = kernel.addToSum(length);
      if (bad >= 0) throw new BadPoint(first + bad);
    }
    kernel.finishSum();
    return memory.slice(output, output + pointBytes);
  };
  return (points, weights) => wiped(() => sum(points, weights));
}
