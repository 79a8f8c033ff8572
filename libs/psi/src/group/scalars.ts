// A holder's scalars in one query, all from one seed, so that it can go on after a restart and forget them with the
// seed. Nobody else learns any of them.
import { lengthPrefixed, type QueryId } from '@anonymesh/protocol';
import { ristretto255 } from '@noble/curves/ed25519.js';
import { bytesToNumberLE } from '@noble/curves/utils.js';
import { hkdfSync } from 'node:crypto';
import { wipe } from './wipe.js';

const { Fn } = ristretto255.Point;
const seedBytes = 32;

/** Each 32 bytes, little-endian, from 1 to ℓ − 1. */
export interface QueryScalars {
  /** k: by which this holder multiplies every list. */
  readonly key: Uint8Array;
  /** r: by which it hides its own list on the ring. */
  readonly blind: Uint8Array;
  /** r⁻¹·k: what turns its own list, back from the ring, into T. */
  readonly finish: Uint8Array;
}

/** From the query's seed (32 random bytes) and the query ID. Throws a RangeError for other lengths. */
export function deriveScalars(seed: Uint8Array, queryId: QueryId): QueryScalars {
  const salt = Buffer.from(queryId, 'hex');
  if (seed.length !== seedBytes || salt.length !== 16) throw new RangeError('scalars take a seed and a query ID');
  const key = derive(seed, salt, 'key');
  const blind = derive(seed, salt, 'blind');
  return {
    key: Fn.toBytes(key),
    blind: Fn.toBytes(blind),
    finish: Fn.toBytes(Fn.mul(Fn.inv(blind), key)),
  };
}

/** A scalar of 64 uniform bytes, from 1 to ℓ − 1. */
export function scalarOf(wide: Uint8Array): Uint8Array {
  return Fn.toBytes(1n + (bytesToNumberLE(wide) % (Fn.ORDER - 1n)));
}

/** The product of two scalars. */
export function timesScalar(one: Uint8Array, other: Uint8Array): Uint8Array {
  return Fn.toBytes(Fn.mul(Fn.fromBytes(one), Fn.fromBytes(other)));
}

function derive(seed: Uint8Array, salt: Uint8Array, name: string): bigint {
  const wide = new Uint8Array(hkdfSync('sha512', seed, salt, lengthPrefixed('anonymesh/psi/scalar/v1', name), 64));
  const scalar = 1n + (bytesToNumberLE(wide) % (Fn.ORDER - 1n));
  wipe(wide);
  return scalar;
}
