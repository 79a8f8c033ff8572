// A batch is cut into parts, one for each thread, and what comes back is put together again.
import { BadPoint, pointBytes, weightBytes, type Engine } from './engine.js';

/** A part of a batch. All arrays own their buffers, which are handed over to the worker, to be wiped there. */
export interface Part {
  readonly batch: Uint8Array<ArrayBuffer>;
  /** Of a sum there is none. */
  readonly scalar?: Uint8Array<ArrayBuffer>;
  /** Where they are given, the part's sum follows its products. */
  readonly weights?: Uint8Array<ArrayBuffer>;
}

/** A class does not survive the way between threads, so a bad point is a value here. */
export type Multiplied = { readonly points: Uint8Array<ArrayBuffer> } | { readonly badPoint: number };

export interface Batch {
  readonly batch: Uint8Array;
  /** Bytes of an item. */
  readonly width: number;
  readonly scalar?: Uint8Array;
  readonly weights?: Uint8Array | undefined;
}

/** Copies of `size` items each. */
export function cut({ batch, width, scalar, weights }: Batch, size: number): Part[] {
  const parts: Part[] = [];
  for (let first = 0; first * width < batch.length; first += size) {
    const own = (bytes: Uint8Array, each: number) =>
      new Uint8Array(bytes.subarray(first * each, (first + size) * each));
    parts.push({
      batch: own(batch, width),
      ...(scalar === undefined ? {} : { scalar: new Uint8Array(scalar) }),
      ...(weights === undefined ? {} : { weights: own(weights, weightBytes) }),
    });
  }
  return parts;
}

export function buffersOf({ batch, scalar, weights }: Part): ArrayBuffer[] {
  return [batch, scalar, weights].flatMap((bytes) => (bytes === undefined ? [] : [bytes.buffer]));
}

/** All products and, if they are `weighed`, the sum of the parts' sums. Throws a BadPoint for the first bad one. */
export function joined(parts: readonly Multiplied[], size: number, weighed: boolean, engine: Engine): Uint8Array {
  const points = parts.map((part, index) => {
    if ('badPoint' in part) throw new BadPoint(index * size + part.badPoint);
    return part.points;
  });
  if (!weighed) return Buffer.concat(points);
  const products = points.map((each) => each.subarray(0, -pointBytes));
  return Buffer.concat([
    ...products,
    addUp(
      points.map((each) => each.subarray(-pointBytes)),
      engine,
    ),
  ]);
}

/** The identity, which a sum may be, is no input. */
function addUp(sums: readonly Uint8Array[], engine: Engine): Uint8Array {
  const some = sums.filter((sum) => sum.some((byte) => byte !== 0));
  return engine.sum(Buffer.concat(some), Uint8Array.from(some.flatMap(() => [1, 0])));
}
