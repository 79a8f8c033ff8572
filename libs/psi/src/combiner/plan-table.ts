// How much memory matching takes: with the bytes that mark records, at most 16·n + 16 for each key of the largest of n
// sets, and never more than the largest table. What does not fit at once is matched part by part, from the files.
import { TagTable } from './tag-table.js';

const bytesPerPlace = 17;
/** Places, of about a megabyte: parts of a smaller table would come out too uneven. */
const least = 1 << 16;
/** Places, of 71 MB. */
const most = 1 << 22;

export interface TablePlan {
  /** Places, a power of two. */
  readonly capacity: number;
  readonly parts: number;
}

/** `records`: of each holder; `keys`: of each record; `largest`: places that a table may have, a power of two. */
export function planTable(records: readonly number[], keys: number, largest = most): TablePlan {
  const all = records.reduce((sum, each) => sum + each, 0);
  const largestSet = Math.max(...records);
  // Those of the largest set are looked up, and not kept.
  const tags = keys * (all - largestSet);
  const bytes = (16 * records.length + 16) * keys * largestSet - all;
  const places = Math.min(largest, Math.max(least, powerBelow(bytes / bytesPerPlace)));
  for (let capacity = 2; capacity <= places; capacity *= 2)
    if (TagTable.room(capacity) >= tags) return { capacity, parts: 1 };
  // A part may come out larger than the others: each is planned for half of the room.
  return { capacity: places, parts: Math.ceil((2 * tags) / TagTable.room(places)) };
}

function powerBelow(value: number): number {
  return 2 ** Math.floor(Math.log2(Math.max(1, value)));
}
