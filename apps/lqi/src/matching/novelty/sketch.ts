// A sketch of a set: so many sums, in which each record is added to one. Of two of them one sees how many records are in
// one set and not in the other, and nothing about which: who has not this holder's secret cannot test a record either.
import { lengthPrefixed } from '@anonymesh/protocol';
import { createHmac, type KeyObject } from 'node:crypto';

/** Of 8 bytes each: up to 10,000 changes are counted within about one in a hundred, a few of them exactly. */
const cells = 16_384;
const cellBytes = 8;
export const sketchBytes = cells * cellBytes;

export interface Sketch {
  /** A record, by the inputs of its keys. */
  add(inputs: readonly (Buffer | undefined)[]): void;
  bytes(): Buffer;
}

export function openSketch(secret: KeyObject): Sketch {
  const sums = new BigUint64Array(cells);
  return {
    add: (inputs) => {
      const text = lengthPrefixed('anonymesh/lqi/sketch/v1', ...inputs.map((input) => input ?? Buffer.alloc(0)));
      const mac = createHmac('sha256', secret).update(text).digest();
      const cell = mac.readUInt32LE(0) % cells;
      // Sums, not exclusive or: a record that is there twice must not vanish. They wrap around.
      sums[cell] = (sums[cell] ?? 0n) + mac.readBigUInt64LE(8);
    },
    bytes: () => {
      const bytes = Buffer.alloc(sketchBytes);
      for (const [cell, sum] of sums.entries()) bytes.writeBigUInt64LE(sum, cell * cellBytes);
      return bytes;
    },
  };
}

/** About how many records are in one of two sets only. Zero exactly where the sets are the same. */
export function changesBetween(one: Buffer, other: Buffer): number {
  if (one.length !== sketchBytes || other.length !== sketchBytes) return Infinity;
  let differ = 0;
  for (let at = 0; at < sketchBytes; at += cellBytes)
    if (one.readBigUInt64LE(at) !== other.readBigUInt64LE(at)) differ += 1;
  if (differ === 0) return 0;
  // Several changes fall into one cell: so many are expected where so many cells differ.
  return differ === cells ? Infinity : Math.round(-cells * Math.log(1 - differ / cells));
}
