// Rows spread over files by the leading bits of their first bytes, so that each file fits into memory and is sorted there:
// one after another they give all rows in order.
import { openRowFile, type RowFile } from './row-file.js';
import { distinctRows, sortRows } from './sort-rows.js';
import type { Spill } from './spill.js';
import { closeAll } from './while-open.js';

export interface Partitions {
  /** Copies the row. Resolves at once unless a block is full and is being written. */
  add(row: Uint8Array): Promise<void> | undefined;
  finish(): Promise<void>;
  /**
   * Partition after partition, each sorted by its rows' first `keyBytes` bytes, with `more` rows among its own. Valid until
   * the next is asked for.
   */
  sorted(keyBytes: number, more?: (partition: number) => Buffer): AsyncIterable<Buffer>;
  /** How many different keys there are: rows' first `keyBytes` bytes. */
  distinct(keyBytes: number): Promise<number>;
  readonly count: number;
  /** Removes the files. */
  drop(): Promise<void>;
  close(): Promise<void>;
}

/** A partition of random keys has about this many bytes; one that has far more has keys that are not random. */
const aboutBytes = 24 * 1024 * 1024;
const mostBytes = 4 * aboutBytes;

/**
 * Of what no later process reads. While it is sorted it is held twice. What is kept has the other size, so that a query
 * goes on after an update.
 */
export const smallBytes = 6 * 1024 * 1024;

/** How many partitions so many rows of that width need: a power of two up to 256. */
export function partitionsFor(rows: number, width: number, about = aboutBytes): number {
  let count = 1;
  while (count < 256 && (rows * width) / count > about) count *= 2;
  return count;
}

/** A partition has too many rows that begin alike: what the keys are of is no set of people. */
export class Crowded extends Error {
  override readonly name = 'Crowded';
}

const noRows = Buffer.alloc(0);

/** `keep`: as an earlier process finished them, to be read again. */
export async function openPartitions(
  spill: Spill,
  name: string,
  width: number,
  count: number,
  keep = false,
): Promise<Partitions> {
  const names = Array.from({ length: count }, (_, index) => `${name}-${index}`);
  const files: RowFile[] = [];
  try {
    for (const each of names) files.push(await openRowFile(spill, each, width, keep));
  } catch (cause) {
    await closeAll(files);
    throw cause;
  }
  const shift = 8 - Math.log2(count);

  /** The rows of each partition. One buffer for all: new ones would be garbage many times the size of what they hold. */
  async function* wholes(more?: (partition: number) => Buffer): AsyncGenerator<Buffer, void> {
    let whole: Buffer = Buffer.alloc(0);
    for (const [index, file] of files.entries()) {
      const held = file.rows * width;
      if (held > mostBytes) throw new Crowded();
      const others = more?.(index) ?? noRows;
      if (whole.length < held + others.length) whole = Buffer.allocUnsafeSlow(held + others.length);
      await file.readInto(whole);
      others.copy(whole, held);
      yield whole.subarray(0, held + others.length);
    }
  }

  return {
    count,
    add: (row) => files[(row[0] ?? 0) >> shift]?.add(row),
    finish: async () => {
      for (const file of files) await file.finish();
    },
    async *sorted(keyBytes, more) {
      let sorted: Buffer = Buffer.alloc(0);
      for await (const rows of wholes(more)) {
        if (sorted.length < rows.length) sorted = Buffer.allocUnsafeSlow(rows.length);
        sortRows(rows, width, keyBytes, sorted);
        yield sorted.subarray(0, rows.length);
      }
    },
    distinct: async (keyBytes) => {
      let count = 0;
      for await (const rows of wholes()) count += distinctRows(rows, width, keyBytes);
      return count;
    },
    drop: async () => {
      for (const each of names) await spill.drop(each);
    },
    close: () => closeAll(files),
  };
}
