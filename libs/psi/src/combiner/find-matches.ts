// Which records match those of enough other holders, found in bounded memory: a byte for each record, and a table of as
// many tags as fit; where there are more, the files are read again for the next part of them.
import type { FileHandle } from 'node:fs/promises';
import { planTable } from './plan-table.js';
import { restBytes, type Spool } from './spool.js';
import { TagTable } from './tag-table.js';
import { type HolderTags, type Visit, visitTags } from './visit-tags.js';

export interface MatchLimits {
  /** Matched people, at least. */
  readonly least: number;
  /** Matched records of one holder, at most. */
  readonly most: number;
}

/** In the order of the holders. */
export interface Matches {
  readonly records: readonly number[];
  /** For each record the holders that share a tag with it, a bit for each, its own among them: 0 where there is none. */
  readonly sharedWith: readonly Uint8Array[];
  /** Positions of the records to be released. */
  readonly released: readonly Uint32Array[];
}

/** `largest`: places that the table of tags may have, where it is not to be as many as is usual. Rejects when aborted. */
export async function findMatches(
  spool: Spool,
  records: Readonly<Record<string, number>>,
  { most }: Pick<MatchLimits, 'most'>,
  { largest, signal }: { readonly largest?: number; readonly signal?: AbortSignal | undefined } = {},
): Promise<Matches | 'incomplete' | 'too-many'> {
  const { shape } = spool;
  const holders: HolderTags[] = [];
  try {
    for (const [index, holder] of shape.holders.entries()) {
      const file = await spool.tags(holder);
      const count = records[holder];
      if (file !== undefined) holders.push({ index, bit: 1 << index, records: count ?? 0, file });
      if (file === undefined || count === undefined || !(await isWhole(spool, holder, file, count)))
        return 'incomplete';
    }
    const sharedWith = holders.map((each) => new Uint8Array(each.records));
    const counts = holders.map((each) => each.records);
    const { capacity, parts } = planTable(counts, shape.keys, largest);
    const word = await mark(spool, holders, sharedWith, most, { table: new TagTable(capacity), parts, signal });
    if (word !== 'marked') return word;
    const released = sharedWith.map((shared) => positions(shared, shape.needed));
    return { records: counts, sharedWith, released };
  } finally {
    for (const { file } of holders) await file.close();
  }
}

async function isWhole(spool: Spool, holder: string, tags: FileHandle, records: number): Promise<boolean> {
  if ((await tags.stat()).size !== records * spool.shape.gates) return false;
  const bytes = restBytes(spool.shape);
  if (bytes === 0) return true;
  const rest = await spool.rest(holder);
  try {
    return (await rest?.stat())?.size === records * bytes;
  } finally {
    await rest?.close();
  }
}

async function mark(
  { shape: { keys, needed } }: Spool,
  holders: readonly HolderTags[],
  sharedWith: readonly Uint8Array[],
  most: number,
  { table, parts, signal }: { table: TagTable; parts: number; signal: AbortSignal | undefined },
): Promise<'marked' | 'incomplete' | 'too-many'> {
  const bySize = [...holders].sort((a, b) => a.records - b.records);
  // Nobody comes after the largest set: its own tags need not be kept.
  const kept = bySize.slice(0, -1);
  const largest = bySize.slice(-1);
  const matched = holders.map(() => 0);
  const share: Visit = ({ index }, tags, at, hash, record) => {
    const bits = table.holders(tags, at, hash);
    if (ones(bits) < 2) return;
    const shared = sharedWith[index]!;
    const before = shared[record]!;
    shared[record] = before | bits;
    if (ones(before) < needed && ones(before | bits) >= needed) matched[index]!++;
  };
  for (let part = 0; part < parts; part++) {
    const which = { table, part, parts, keys, signal };
    table.clear();
    const whole =
      (await visitTags(which, kept, ({ bit }, tags, at, hash) => table.add(tags, at, hash, bit))) &&
      (await visitTags(which, largest, ({ bit }, tags, at, hash) => table.join(tags, at, hash, bit))) &&
      (await visitTags(which, bySize, share));
    if (!whole) return 'incomplete';
    if (matched.some((count) => count > most)) return 'too-many';
  }
  return 'marked';
}

function positions(sharedWith: Uint8Array, needed: number): Uint32Array {
  const found: number[] = [];
  sharedWith.forEach((bits, record) => {
    if (ones(bits) >= needed) found.push(record);
  });
  return Uint32Array.from(found);
}

function ones(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}
