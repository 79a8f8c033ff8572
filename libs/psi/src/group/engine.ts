// What every implementation of the group can do: ristretto255 (RFC 9496) over batches of packed bytes, never an object
// for a point, because a query multiplies millions of them.

/** Bytes of an encoded point, of a scalar, and of the uniform input of the map to the group. */
export const pointBytes = 32;
export const scalarBytes = 32;
export const uniformBytes = 64;

/** Bytes of a weight: a number from 0 to 65,535, little-endian. */
export const weightBytes = 2;

/**
 * All sizes are in bytes; results are new arrays, in the order of the input. A scalar is 32 bytes, little-endian, from 1
 * to ℓ − 1. Throws a RangeError for a wrong length or such a scalar out of range.
 */
export interface Engine {
  readonly name: string;
  /** n × 64 uniform bytes to n × 32: the element derivation of RFC 9496, section 4.3.4. */
  hash(uniform: Uint8Array): Uint8Array;
  /**
   * n × 32 to n × 32. Throws a BadPoint for the first input that is no canonical encoding, or is the identity. With
   * weights, n × 2, one more point follows: the `sum` of the inputs, which costs less here than by itself.
   */
  multiply(points: Uint8Array, scalar: Uint8Array, weights?: Uint8Array): Uint8Array;
  /** `hash`, then `multiply`, without a copy in between. With weights the sum is that of what `hash` gives. */
  hashAndMultiply(uniform: Uint8Array, scalar: Uint8Array, weights?: Uint8Array): Uint8Array;
  /**
   * n × 32 and n × 2 to 32: the sum of all points, each times its weight. It may be the identity, 32 zeros; that of
   * nothing is. Throws as `multiply` does, whatever the weight of the bad point.
   */
  sum(points: Uint8Array, weights: Uint8Array): Uint8Array;
  /** SHA-512 of each message: n × 64, written into `into` if it is given. Lengths may differ, and are no secret. */
  digests(messages: Messages, into?: Uint8Array): Uint8Array;
}

/** Messages that begin and end alike: `before`, then an item, then `after`. */
export interface Messages {
  readonly before: Uint8Array;
  /** One after another. */
  readonly items: Uint8Array;
  /** For each item, in order, how many bytes there are up to its end: the last has all of them. */
  readonly ends: Uint32Array;
  readonly after: Uint8Array;
}

export type Digests = Engine['digests'];

/** A point that a party must not have sent: not canonical (RFC 9496, section 4.3.1), or the identity. */
export class BadPoint extends Error {
  override readonly name = 'BadPoint';

  /** @param index its place in the batch, from 0 */
  constructor(
    readonly index: number,
    cause?: unknown,
  ) {
    super(`no canonical point, or the identity, at ${index}`, { cause });
  }
}

/** How many items of this width are packed in the bytes. Throws a RangeError if that is no whole number. */
export function countOf(bytes: Uint8Array, width: number): number {
  const count = bytes.length / width;
  if (!Number.isInteger(count)) throw new RangeError(`a batch takes ${width} bytes for each item`);
  return count;
}

/** Throws a RangeError unless it is 32 bytes, from 1 to ℓ − 1. Takes the same time for every scalar of 32 bytes. */
export function requireScalar(scalar: Uint8Array): void {
  if (scalar.length !== scalarBytes) throw new RangeError(`a scalar takes ${scalarBytes} bytes`);
  let borrow = 0;
  let some = 0;
  for (const [place, limb] of order.entries()) {
    const byte = scalar[place] ?? 0;
    borrow = ((byte - limb - borrow) >> 8) & 1;
    some |= byte;
  }
  if (borrow === 0 || some === 0) throw new RangeError('a scalar goes from 1 to the order of the group less 1');
}

/** Throws a RangeError unless there is a weight for each of so many items, if there are weights. */
export function requireWeights(count: number, weights: Uint8Array | undefined): void {
  if (weights !== undefined && countOf(weights, weightBytes) !== count)
    throw new RangeError('an item takes one weight');
}

/** ℓ = 2²⁵² + 27742317777372353535851937790883648493, little-endian. */
const order = Buffer.from('edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010', 'hex');
