// What stands behind each token, where people approve what is released: kept in the order of tokens until the query ends,
// so that a record can be found, and its match checked, when the aggregator names its position.
import type { ReadCourse } from '../course.js';
import type { Batch } from './batches.js';

export interface ToldRecord {
  /** T of each slot. */
  readonly points: Buffer;
  readonly isDummy: boolean;
  readonly record: Buffer;
}

export interface Told {
  /** Writes a whole letter's records. Resolves when they are on the disk. */
  write(batch: Batch): Promise<void>;
  read(position: number): Promise<ToldRecord>;
  close(): Promise<void>;
}

export async function openTold({ question, files }: ReadCourse, inLetter: number): Promise<Told> {
  const { keys, record } = question.agreement;
  const pointsWidth = keys.length * 32;
  const width = pointsWidth + 1 + record.bytes;
  const file = await files.told(inLetter);
  return {
    write: async ({ first, count, points, records, dummies }) => {
      const rows = Buffer.alloc(count * width);
      for (let index = 0; index < count; index++) {
        const at = index * width;
        points.copy(rows, at, index * pointsWidth, (index + 1) * pointsWidth);
        rows[at + pointsWidth] = dummies[index] ?? 1;
        records.copy(rows, at + pointsWidth + 1, index * record.bytes, (index + 1) * record.bytes);
      }
      await file.write(first / inLetter, rows);
      await file.sync();
    },
    read: async (position) => {
      const block = await file.read(Math.floor(position / inLetter));
      const row = block.subarray((position % inLetter) * width).subarray(0, width);
      const points = row.subarray(0, pointsWidth);
      return { points, isDummy: row[pointsWidth] !== 0, record: row.subarray(pointsWidth + 1) };
    },
    close: () => file.close(),
  };
}
