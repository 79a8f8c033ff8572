import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { add, decodeScalar, encodeScalar, reduceWide, reduceWideNonZero, subtract } from './scalar.js';

// RFC 9496: the order of the ristretto255 group.
const order = 2n ** 252n + 27742317777372353535851937790883648493n;
const scalars = fc.bigInt({ min: 0n, max: order - 1n });

function littleEndian(value: bigint, length: number): Buffer {
  return Buffer.from(value.toString(16).padStart(2 * length, '0'), 'hex').reverse();
}

describe('scalars', () => {
  it('travel as 32 bytes, little-endian, and come back', () => {
    fc.assert(
      fc.property(scalars, (scalar) => {
        expect(Buffer.from(encodeScalar(scalar))).toEqual(littleEndian(scalar, 32));
        expect(decodeScalar(encodeScalar(scalar))).toBe(scalar);
      }),
    );
  });

  it('have one encoding each: ℓ and above are not read', () => {
    expect(decodeScalar(littleEndian(order - 1n, 32))).toBe(order - 1n);
    fc.assert(
      fc.property(fc.bigInt({ min: order, max: 2n ** 256n - 1n }), (tooLarge) => {
        expect(decodeScalar(littleEndian(tooLarge, 32))).toBeUndefined();
      }),
      { examples: [[order], [order + 1n], [2n ** 256n - 1n]] },
    );
  });

  it('are read from 32 bytes only', () => {
    for (const length of [0, 1, 31, 33, 64]) expect(decodeScalar(new Uint8Array(length))).toBeUndefined();
  });

  it('add and subtract modulo ℓ', () => {
    fc.assert(
      fc.property(scalars, scalars, (a, b) => {
        expect(add(a, b)).toBe((a + b) % order);
        expect(subtract(a, b)).toBe((a - b + order) % order);
      }),
    );
  });

  it('come from all 64 bytes of a wide number', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 64, maxLength: 64 }), (wide) => {
        const value = BigInt(`0x${Buffer.from(wide).reverse().toString('hex')}`);
        expect(reduceWide(wide)).toBe(value % order);
      }),
    );
    expect(() => reduceWide(new Uint8Array(32))).toThrow(RangeError);
  });

  it('are never zero where a weight is needed', () => {
    const multiples = [0n, order - 1n, order, 2n * (order - 1n)];
    for (const value of multiples) expect(reduceWideNonZero(littleEndian(value, 64))).toBeGreaterThan(0n);
    expect(reduceWideNonZero(littleEndian(order - 2n, 64))).toBe(order - 1n);
  });
});
