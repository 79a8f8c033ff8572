// Reads all tags of some holders from disk, a megabyte at a time, and shows those of one part of the table to a visitor.
import type { FileHandle } from 'node:fs/promises';
import { wordBytes } from '../holder/shape.js';
import { readAt } from './spool.js';
import type { TagTable } from './tag-table.js';

export interface HolderTags {
  readonly index: number;
  readonly bit: number;
  readonly records: number;
  readonly file: FileHandle;
}

/** `at`: where the tag's four numbers begin in `tags`. */
export type Visit = (holder: HolderTags, tags: Uint32Array, at: number, hash: number, record: number) => void;

const recordsAtOnce = 1 << 14;

interface Visiting {
  readonly table: TagTable;
  readonly part: number;
  readonly parts: number;
  readonly keys: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * The tags of a holder's records, in order; `first`: the position of a block's first record. `isWanted`: blocks in which no
 * record is wanted are not read. Throws between blocks when it is aborted.
 */
export async function* blocksOf(
  { file, records }: Pick<HolderTags, 'file' | 'records'>,
  keys: number,
  signal?: AbortSignal,
  isWanted: (first: number, end: number) => boolean = () => true,
): AsyncGenerator<{ readonly first: number; readonly bytes: Buffer }, void> {
  const width = keys * wordBytes;
  for (let first = 0; first < records; first += recordsAtOnce) {
    signal?.throwIfAborted();
    const end = Math.min(first + recordsAtOnce, records);
    if (isWanted(first, end)) yield { first, bytes: await readAt(file, first * width, (end - first) * width) };
  }
}

/** false where a tag is nothing but zeros: no letter has brought it. */
export async function visitTags(
  { table, part, parts, keys, signal }: Visiting,
  holders: readonly HolderTags[],
  visit: Visit,
): Promise<boolean> {
  for (const holder of holders) {
    for await (const { first, bytes } of blocksOf(holder, keys, signal)) {
      const tags = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
      for (let at = 0; at < tags.length; at += 4) {
        if ((tags[at]! | tags[at + 1]! | tags[at + 2]! | tags[at + 3]!) === 0) return false;
        const hash = table.hash(tags, at);
        if (parts > 1 && Math.floor((hash / 2 ** 32) * parts) !== part) continue;
        visit(holder, tags, at, hash, first + Math.floor(at / 4 / keys));
      }
    }
  }
  return true;
}
