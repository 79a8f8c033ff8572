// Numbers modulo ℓ, the order of the ristretto255 group (RFC 9496), and their 32 bytes on the wire. BigInt does not run
// in constant time: what that could tell stays inside the holder, whose answers leave on a fixed time grid.
import { ristretto255 } from '@noble/curves/ed25519.js';
import { bytesToNumberLE } from '@noble/curves/utils.js';

const field = ristretto255.Point.Fn;

export const scalarBytes = field.BYTES;

export function add(a: bigint, b: bigint): bigint {
  return field.add(a, b);
}

export function subtract(a: bigint, b: bigint): bigint {
  return field.sub(a, b);
}

/** 64 uniform bytes, little-endian, to a number below ℓ (bias below 2⁻²⁵⁹). */
export function reduceWide(wide: Uint8Array): bigint {
  return field.create(wideNumber(wide));
}

/** As `reduceWide`, but never zero: 1 … ℓ − 1. */
export function reduceWideNonZero(wide: Uint8Array): bigint {
  return 1n + (wideNumber(wide) % (field.ORDER - 1n));
}

/** A number below ℓ as 32 bytes, little-endian. */
export function encodeScalar(scalar: bigint): Uint8Array {
  return field.toBytes(scalar);
}

/** Reads 32 bytes, little-endian; `undefined` for another length, or for ℓ and above: one number has one encoding. */
export function decodeScalar(bytes: Uint8Array): bigint | undefined {
  if (bytes.length !== scalarBytes) return undefined;
  const scalar = bytesToNumberLE(bytes);
  return scalar < field.ORDER ? scalar : undefined;
}

function wideNumber(wide: Uint8Array): bigint {
  if (wide.length !== 2 * scalarBytes) throw new RangeError(`a wide reduction takes ${2 * scalarBytes} bytes`);
  return bytesToNumberLE(wide);
}
