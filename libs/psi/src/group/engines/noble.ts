// The group by @noble/curves: slow, but plain JavaScript that runs wherever Node does. The other engines are tested
// against it. Its BigInt does not run in constant time: what that could tell stays inside the holder.
import { ristretto255, ristretto255_hasher } from '@noble/curves/ed25519.js';
import { bytesToNumberLE } from '@noble/curves/utils.js';
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
import { weighApart } from './weigh-apart.js';

type Point = InstanceType<typeof ristretto255.Point>;

export function openNoble(): Engine {
  return weighApart({
    name: 'noble',
    hash: (uniform) => each(uniform, uniformBytes, derive),
    multiply: (points, scalar) => {
      const factor = factorOf(scalar);
      return each(points, pointBytes, (bytes, index) => multiplyOne(decode(bytes, index), factor, index));
    },
    hashAndMultiply: (uniform, scalar) => {
      const factor = factorOf(scalar);
      return each(uniform, uniformBytes, (bytes, index) => multiplyOne(derive(bytes), factor, index));
    },
    digests: digestsByNode,
    sum: (points, weights) => {
      requireWeights(countOf(points, pointBytes), weights);
      let sum = ristretto255.Point.ZERO;
      for (const [index, weight] of weightsOf(weights).entries()) {
        const point = decode(points.subarray(index * pointBytes, (index + 1) * pointBytes), index);
        if (point.is0()) throw new BadPoint(index);
        if (weight > 0n) sum = sum.add(point.multiply(weight));
      }
      return sum.toBytes();
    },
  });
}

function weightsOf(bytes: Uint8Array): bigint[] {
  const count = bytes.length / weightBytes;
  return Array.from({ length: count }, (_, at) =>
    bytesToNumberLE(bytes.subarray(at * weightBytes, (at + 1) * weightBytes)),
  );
}

function each(batch: Uint8Array, width: number, step: (bytes: Uint8Array, index: number) => Point): Uint8Array {
  const count = countOf(batch, width);
  const points = new Uint8Array(count * pointBytes);
  for (let index = 0; index < count; index++) {
    points.set(step(batch.subarray(index * width, (index + 1) * width), index).toBytes(), index * pointBytes);
  }
  return points;
}

function factorOf(scalar: Uint8Array): bigint {
  requireScalar(scalar);
  return bytesToNumberLE(scalar);
}

function derive(uniform: Uint8Array): Point {
  if (ristretto255_hasher.deriveToCurve === undefined) throw new Error('the library lacks the map to the group');
  return ristretto255_hasher.deriveToCurve(uniform);
}

function decode(bytes: Uint8Array, index: number): Point {
  try {
    return ristretto255.Point.fromBytes(bytes);
  } catch (cause) {
    throw new BadPoint(index, cause);
  }
}

function multiplyOne(point: Point, factor: bigint, index: number): Point {
  const product = point.multiply(factor);
  // The group's order is a prime: only the identity gives the identity. Both are looked at, whatever the library does.
  if (point.is0() || product.is0()) throw new BadPoint(index);
  return product;
}
