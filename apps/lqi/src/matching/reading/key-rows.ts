// The rows of keys from which a holder's list is made: one for each slot of each record, a random one where there is
// no key, so that nobody can tell how many people are in it, or who is in it twice.
import type { QueryId } from '@anonymesh/protocol';
import { controlInput, uniformsOf } from '@anonymesh/psi';
import { createCipheriv, randomFillSync, type KeyObject } from 'node:crypto';
import { controlSlot, keyRow, noSlot, placeBytes, recordKeyBytes } from '../spill/set-files.js';

export interface KeyRows {
  /** A new record's own key. */
  record(): Buffer;
  /** The row of a slot. Without an input, of a dummy. Valid until the next call. */
  slot(record: Buffer, slot: number, input: Buffer | undefined): Buffer;
  control(): Buffer;
  /** Rows that no record refers to, in that partition of so many. */
  fillers(count: number, partition: number, partitions: number): Buffer;
}

/** `order`: the secret key of the pseudo-random function that orders the list. */
export function openKeyRows(queryId: QueryId, order: KeyObject): KeyRows {
  const random = randomBuffer();
  const uniform = uniformsOf(queryId);
  // A block cipher of a part of the uniform bytes is a pseudo-random function of the key, for a fifth of an HMAC's time.
  const place = createCipheriv('aes-256-ecb', order, null).setAutoPadding(false);
  const row = Buffer.alloc(keyRow.width);
  let records = 0;

  const write = (record: Buffer, slot: number, input: Buffer | undefined): Buffer => {
    if (input === undefined) random(placeBytes + 64).copy(row);
    else {
      uniform(input, row, keyRow.uniform);
      place.update(row.subarray(keyRow.uniform, keyRow.uniform + placeBytes)).copy(row);
    }
    record.copy(row, keyRow.record);
    row[keyRow.width - 1] = slot;
    return row;
  };

  return {
    record: () => {
      const key = Buffer.alloc(recordKeyBytes);
      random(8).copy(key);
      key.writeUInt32BE(records++, 8);
      return key;
    },
    slot: write,
    control: () => write(Buffer.alloc(recordKeyBytes), controlSlot, controlInput()),
    fillers: (count, partition, partitions) => {
      const rows = randomFillSync(Buffer.allocUnsafeSlow(count * keyRow.width));
      const within = 256 / partitions;
      for (let at = 0; at < rows.length; at += keyRow.width) {
        rows[at] = partition * within + ((rows[at] ?? 0) % within);
        rows[at + keyRow.width - 1] = noSlot;
      }
      return rows;
    },
  };
}

/** Random bytes, drawn many at a time: a call to the system for each would take longer than all the rest. */
function randomBuffer(): (bytes: number) => Buffer {
  const drawn = Buffer.alloc(64 * 1024);
  let next = drawn.length;
  return (bytes) => {
    if (next + bytes > drawn.length) {
      randomFillSync(drawn);
      next = 0;
    }
    next += bytes;
    return drawn.subarray(next - bytes, next);
  };
}
