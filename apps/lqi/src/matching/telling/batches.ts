// Records in the order of tokens, as many at a time as one letter takes: the points of their slots, and what is released
// of them.
import { recordKeyBytes, recordRow, slotRow } from '../spill/set-files.js';
import type { Partitions } from '../spill/partitions.js';

export interface Batch {
  /** Position of the first of these records. */
  readonly first: number;
  readonly count: number;
  /** T of each slot, record by record. */
  readonly points: Buffer;
  /** One after another, and for each whether there is none. Empty for a count. */
  readonly records: Buffer;
  readonly dummies: Buffer;
}

interface Widths {
  readonly keys: number;
  readonly recordBytes: number;
  readonly inLetter: number;
}

/** `records`: undefined where no record is released. Throws where records and slots do not belong together. */
export async function* batches(
  slots: Partitions,
  records: Partitions | undefined,
  { keys, recordBytes, inLetter }: Widths,
): AsyncIterable<Batch> {
  const pointsWidth = keys * 32;
  const points = Buffer.alloc(inLetter * pointsWidth);
  const held = Buffer.alloc(records === undefined ? 0 : inLetter * recordBytes);
  const dummies = Buffer.alloc(records === undefined ? 0 : inLetter);
  let first = 0;
  let count = 0;
  const batch = (): Batch => ({
    first,
    count,
    points: Buffer.from(points.subarray(0, count * pointsWidth)),
    records: Buffer.from(held.subarray(0, records === undefined ? 0 : count * recordBytes)),
    dummies: Buffer.from(dummies.subarray(0, records === undefined ? 0 : count)),
  });
  const sortedRecords = records?.sorted(recordKeyBytes)[Symbol.asyncIterator]();
  for await (const sorted of slots.sorted(slotRow.sortedBy)) {
    const own = sortedRecords === undefined ? undefined : ((await sortedRecords.next()).value as Buffer);
    for (let at = 0, index = 0; at < sorted.length; at += keys * slotRow.width, index++) {
      copyPoints(sorted, at, keys, points, count * pointsWidth);
      if (own !== undefined) {
        const record = index * (recordRow.record + recordBytes);
        if (own.compare(sorted, at, at + recordKeyBytes, record, record + recordKeyBytes) !== 0)
          throw new Error('a record and its keys are not side by side');
        dummies[count] = own[record + recordRow.dummy] ?? 1;
        own.copy(held, count * recordBytes, record + recordRow.record, record + recordRow.record + recordBytes);
      }
      count += 1;
      if (count < inLetter) continue;
      yield batch();
      first += count;
      count = 0;
    }
  }
  if (count > 0) yield batch();
}

function copyPoints(sorted: Buffer, from: number, keys: number, points: Buffer, to: number): void {
  for (let slot = 0; slot < keys; slot++) {
    const at = from + slot * slotRow.width;
    if (sorted[at + recordKeyBytes] !== slot) throw new Error('a record has not each of its keys once');
    sorted.copy(points, to + slot * 32, at + slotRow.point, at + slotRow.width);
  }
}
