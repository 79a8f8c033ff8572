// One secret among several holders: all of them are needed (exclusive or), or some number of them (Shamir's scheme over
// the scalar field of ristretto255). A holder's share is at its own place, so that who joins them knows which is whose.
import { ristretto255 } from '@noble/curves/ed25519.js';
import { shareBytes } from './shape.js';

export interface Sharing {
  readonly shares: number;
  /** How many shares give the secret: 1 … shares. */
  readonly needed: number;
}

/** Uniform bytes for each piece of randomness that `split` takes: enough for a scalar without bias. */
export const pieceBytes = 48;

const { Fn } = ristretto255.Point;

/** `uniform`: `needed` × 48 secret bytes. The secret is theirs to choose, not the caller's: 32 bytes. */
export function split({ shares, needed }: Sharing, uniform: Uint8Array): { secret: Buffer; shares: Buffer[] } {
  if (uniform.length !== needed * pieceBytes) throw new RangeError('not the randomness of this sharing');
  const pieces = Array.from({ length: needed }, (_, at) => uniform.subarray(at * pieceBytes, (at + 1) * pieceBytes));
  if (needed === shares) {
    const parts = pieces.map((piece) => Buffer.from(piece.subarray(0, shareBytes)));
    return { secret: exclusiveOr(parts), shares: parts };
  }
  const coefficients = pieces.map((piece) => Fn.create(littleEndian(piece)));
  const valueAt = (place: number) =>
    bytesOf(coefficients.reduceRight((sum, each) => Fn.add(Fn.mul(sum, BigInt(place)), each), 0n));
  return { secret: valueAt(0), shares: Array.from({ length: shares }, (_, at) => valueAt(at + 1)) };
}

/** Shares at their holders' places → the secret, or undefined where there are too few or one is no share. */
export function join({ shares, needed }: Sharing, given: readonly (Uint8Array | undefined)[]): Buffer | undefined {
  const present: { place: number; bytes: Uint8Array }[] = [];
  given.slice(0, shares).forEach((bytes, at) => {
    if (bytes?.length === shareBytes && present.length < needed) present.push({ place: at + 1, bytes });
  });
  if (present.length < needed) return undefined;
  if (needed === shares) return exclusiveOr(present.map(({ bytes }) => bytes));
  const values = present.map(({ place, bytes }) => ({ x: BigInt(place), y: littleEndian(bytes) }));
  if (values.some(({ y }) => y >= Fn.ORDER)) return undefined;
  let secret = 0n;
  for (const { x, y } of values) {
    let weight = 1n;
    for (const other of values) if (other.x !== x) weight = Fn.mul(weight, Fn.div(other.x, Fn.sub(other.x, x)));
    secret = Fn.add(secret, Fn.mul(weight, y));
  }
  return bytesOf(secret);
}

function exclusiveOr(parts: readonly Uint8Array[]): Buffer {
  const sum = Buffer.alloc(shareBytes);
  for (const part of parts)
    for (let at = 0; at < shareBytes; at++) sum[at] = (sum[at] as number) ^ (part[at] as number);
  return sum;
}

function littleEndian(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
}

function bytesOf(scalar: bigint): Buffer {
  return Buffer.from(Fn.toBytes(scalar));
}
