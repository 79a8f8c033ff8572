// The rows of keys from which a holder's list is made: one for each slot of each record, a random one where there is
// no key, so that nobody can tell how many people are in it, or who is in it twice.
import type { QueryId } from '@anonymesh/protocol';
import { controlInput, uniformsOf, type Digests } from '@anonymesh/psi';
import { createCipheriv, randomFillSync, type KeyObject } from 'node:crypto';
import { controlSlot, keyRow, noSlot, placeBytes, recordKeyBytes } from '../spill/set-files.js';

export interface KeyRows {
  /** A new record's own key. */
  record(): Buffer;
  /** The rows of all slots of these records, one after another. Without an input, of a dummy. Valid until the next call. */
  slots(records: readonly RecordKeys[]): Buffer;
  control(): Buffer;
  /** Rows that no record refers to, in that partition of so many. */
  fillers(count: number, partition: number, partitions: number): Buffer;
}

export interface RecordKeys {
  readonly record: Buffer;
  readonly inputs: readonly (Buffer | undefined)[];
}

/** `order`: the secret key of the pseudo-random function that orders the list. `digests`: an engine's. */
export function openKeyRows(queryId: QueryId, order: KeyObject, digests: Digests): KeyRows {
  const random = randomBuffer();
  // A block cipher of a part of the uniform bytes is a pseudo-random function of the key, for a fifth of an HMAC's time.
  const place = createCipheriv('aes-256-ecb', order, null).setAutoPadding(false);
  let rows = Buffer.alloc(0);
  let records = 0;

  /** Place and uniform bytes of each input. */
  const placed = (inputs: readonly Buffer[]) => {
    let end = 0;
    const ends = Uint32Array.from(inputs, ({ length }) => (end += length));
    const uniforms = uniformsOf(queryId, Buffer.concat(inputs, end), ends, digests);
    const begins = Buffer.allocUnsafe(inputs.length * placeBytes);
    for (let index = 0; index < inputs.length; index++)
      begins.set(uniforms.subarray(index * 64, index * 64 + placeBytes), index * placeBytes);
    return { uniforms, places: place.update(begins) };
  };

  const write = (all: readonly RecordKeys[]): Buffer => {
    const { uniforms, places } = placed(all.flatMap(({ inputs }) => inputs.filter((input) => input !== undefined)));
    const count = all.reduce((sum, { inputs }) => sum + inputs.length, 0);
    if (rows.length < count * keyRow.width) rows = Buffer.allocUnsafeSlow(count * keyRow.width);
    let at = 0;
    let index = 0;
    for (const { record, inputs } of all) {
      for (let slot = 0; slot < inputs.length; slot++, at += keyRow.width) {
        if (inputs[slot] === undefined) rows.set(random(placeBytes + 64), at);
        else {
          rows.set(places.subarray(index * placeBytes, (index + 1) * placeBytes), at);
          rows.set(uniforms.subarray(index * 64, (index + 1) * 64), at + keyRow.uniform);
          index += 1;
        }
        rows.set(record, at + keyRow.record);
        rows[at + keyRow.width - 1] = slot;
      }
    }
    return rows.subarray(0, at);
  };

  return {
    record: () => {
      const key = Buffer.allocUnsafe(recordKeyBytes);
      key.set(random(8));
      key.writeUInt32BE(records++, 8);
      return key;
    },
    slots: write,
    control: () => {
      const row = write([{ record: Buffer.alloc(recordKeyBytes), inputs: [controlInput()] }]);
      row[keyRow.width - 1] = controlSlot;
      return row;
    },
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
