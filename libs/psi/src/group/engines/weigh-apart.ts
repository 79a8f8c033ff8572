// For engines that cannot add up in the same pass in which they multiply: they do one after the other.
import type { Engine } from '../engine.js';

type Plain = Omit<Engine, 'multiply' | 'hashAndMultiply'> & {
  multiply(points: Uint8Array, scalar: Uint8Array): Uint8Array;
  hashAndMultiply(uniform: Uint8Array, scalar: Uint8Array): Uint8Array;
};

export function weighApart(plain: Plain): Engine {
  return {
    ...plain,
    multiply: (points, scalar, weights) => {
      const products = plain.multiply(points, scalar);
      return weights === undefined ? products : Buffer.concat([products, plain.sum(points, weights)]);
    },
    hashAndMultiply: (uniform, scalar, weights) => {
      if (weights === undefined) return plain.hashAndMultiply(uniform, scalar);
      const points = plain.hash(uniform);
      return Buffer.concat([plain.multiply(points, scalar), plain.sum(points, weights)]);
    },
  };
}
