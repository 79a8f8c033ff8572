import { describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { distinctRows, sortRows } from './sort-rows.js';

const rowsOf = (bytes: Buffer, width: number) =>
  Array.from({ length: bytes.length / width }, (_, index) => bytes.subarray(index * width, (index + 1) * width));

function sortedOf(rows: Buffer, width: number, keyBytes: number): Buffer[] {
  const sorted = Buffer.alloc(rows.length);
  sortRows(rows, width, keyBytes, sorted);
  return rowsOf(sorted, width);
}

describe('rows', () => {
  it('are sorted as one by one, whatever their keys share', () => {
    const nearlyAlike = fc.uint8Array({ minLength: 7, maxLength: 7, max: 2 });
    fc.assert(
      fc.property(fc.array(nearlyAlike, { maxLength: 60 }), (given) => {
        const sorted = sortedOf(Buffer.concat(given), 7, 5);
        const expected = given
          .map((row, place) => ({ row, place }))
          .sort((a, b) => Buffer.compare(a.row.subarray(0, 5), b.row.subarray(0, 5)) || a.place - b.place)
          .map(({ row }) => Buffer.from(row));
        expect(sorted).toEqual(expected);
        const keys = new Set(given.map((row) => Buffer.from(row.subarray(0, 5)).toString('hex')));
        expect(distinctRows(Buffer.concat(given), 7, 5)).toBe(keys.size);
      }),
    );
  });

  it('are sorted a hundred thousand at a time', () => {
    const bytes = randomBytes(100_000 * 20);
    const sorted = sortedOf(bytes, 20, 16);
    const keys = sorted.map((row) => row.toString('hex', 0, 16));
    expect(keys).toEqual([...keys].sort());
    expect(new Set(sorted.map((row) => row.toString('latin1')))).toEqual(
      new Set(rowsOf(bytes, 20).map((row) => row.toString('latin1'))),
    );
  });

  it('must be whole', () => {
    expect(() => sortedOf(Buffer.alloc(21), 20, 16)).toThrow(RangeError);
  });
});
