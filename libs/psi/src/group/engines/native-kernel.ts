// The group by our own kernel in C (native/README.md): eight points at a time with AVX-512 IFMA, where the processor has
// it and a C compiler was there to build it. It keeps nothing between calls, and wipes its memory after each.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { digestBytes } from '../digests.js';
import { BadPoint, countOf, pointBytes, requireScalar, requireWeights, uniformBytes, type Engine } from '../engine.js';

/**
 * What native/source/module.c exports. A batch's result goes into `out`; a number is the place of a bad point, or -1. With
 * weights `out` has one point more.
 */
interface Kernel {
  isSupported(): boolean;
  hash(out: Uint8Array, uniform: Uint8Array, again: Uint8Array): void;
  multiply(out: Uint8Array, points: Uint8Array, scalar: Uint8Array, ...weights: Uint8Array[]): number;
  hashAndMultiply(out: Uint8Array, uniform: Uint8Array, scalar: Uint8Array, ...weights: Uint8Array[]): number;
  sum(out: Uint8Array, points: Uint8Array, weights: Uint8Array): number;
  digests(out: Uint8Array, before: Uint8Array, items: Uint8Array, ends: Uint8Array, after: Uint8Array): void;
  multiplyElements(out: Uint8Array, pairs: Uint8Array, again: Uint8Array): void;
}

// The same place as seen from src/ and from dist/.
const file = fileURLToPath(new URL('../../../native/dist/kernel.node', import.meta.url));

/** `undefined` if the kernel is not built, or this processor lacks what it needs. */
export function openNativeKernel(): Engine | undefined {
  const kernel = openKernel();
  return kernel && engineOf(kernel);
}

/** The kernel itself. */
export function openKernel(): Kernel | undefined {
  if (!existsSync(file)) return undefined;
  const kernel = createRequire(import.meta.url)(file) as Kernel;
  return kernel.isSupported() ? kernel : undefined;
}

function engineOf(kernel: Kernel): Engine {
  const filled = (count: number, compute: (out: Uint8Array) => number) => {
    const out = new Uint8Array(count * pointBytes);
    const bad = compute(out);
    if (bad >= 0) throw new BadPoint(bad);
    return out;
  };

  const multiplied = (
    call: 'multiply' | 'hashAndMultiply',
    count: number,
    [batch, scalar, weights]: [batch: Uint8Array, scalar: Uint8Array, weights: Uint8Array | undefined],
  ) => {
    requireScalar(scalar);
    requireWeights(count, weights);
    if (weights === undefined) return filled(count, (out) => kernel[call](out, batch, scalar));
    return filled(count + 1, (out) => kernel[call](out, batch, scalar, weights));
  };

  return {
    name: 'native-kernel',
    hash: (uniform) => filled(countOf(uniform, uniformBytes), (out) => (kernel.hash(out, uniform, uniform), -1)),
    multiply: (points, scalar, weights) =>
      multiplied('multiply', countOf(points, pointBytes), [points, scalar, weights]),
    hashAndMultiply: (uniform, scalar, weights) =>
      multiplied('hashAndMultiply', countOf(uniform, uniformBytes), [uniform, scalar, weights]),
    sum: (points, weights) => {
      requireWeights(countOf(points, pointBytes), weights);
      return filled(1, (out) => kernel.sum(out, points, weights));
    },
    digests: ({ before, items, ends, after }, into) => {
      const out = into ?? new Uint8Array(ends.length * digestBytes);
      // Its processor is little-endian, as it takes numbers.
      kernel.digests(out, before, items, new Uint8Array(ends.buffer, ends.byteOffset, ends.byteLength), after);
      return out;
    },
  };
}
