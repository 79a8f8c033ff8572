// Makes the list of distinct keys, in a secret random order, of the rows of keys: sorting by a pseudo-random function is a
// random permutation, and puts equal keys next to each other. Padded with dummies, so that it tells nobody how many there
// are.
import { randomFillSync } from 'node:crypto';
import { keysInChunk } from '../exchanging/ring.js';
import type { Partitions } from '../spill/partitions.js';
import type { RowFile } from '../spill/row-file.js';
import type { SealedBlocks } from '../spill/sealed-blocks.js';
import { keyRow, noSlot, placeBytes, referenceRow, type SetFiles } from '../spill/set-files.js';
import { whileOpen } from '../spill/while-open.js';
import type { KeyRows } from './key-rows.js';

/** Writes the list of exactly so many keys, and to which records' slots each of them belongs. */
export async function arrange(files: SetFiles, keys: Partitions, rows: KeyRows, count: number): Promise<void> {
  await whileOpen(async (open) => {
    const [list, references] = [await open(files.list(false)), await open(files.references(false))];
    await write(list, references, keys, rows, count);
  });
}

async function write(
  list: SealedBlocks,
  references: RowFile,
  keys: Partitions,
  rows: KeyRows,
  count: number,
): Promise<void> {
  const missing = count - (await keys.distinct(placeBytes));
  const fillers = spread(missing, keys.count);
  const chunk = Buffer.alloc(keysInChunk * 64);
  const reference = Buffer.alloc(referenceRow.width);
  let index = -1;
  const flush = async () => {
    const held = (index % keysInChunk) + 1;
    await list.write(Math.floor(index / keysInChunk), chunk.subarray(0, held * 64));
  };
  const more = (partition: number) => rows.fillers(fillers[partition] ?? 0, partition, keys.count);
  for await (const sorted of keys.sorted(placeBytes, more)) {
    for (let at = 0; at < sorted.length; at += keyRow.width) {
      if (isFirst(sorted, at)) {
        if (index >= 0 && index % keysInChunk === keysInChunk - 1) await flush();
        index += 1;
        sorted.copy(chunk, (index % keysInChunk) * 64, at + keyRow.uniform, at + keyRow.record);
      }
      if (sorted[at + keyRow.width - 1] === noSlot) continue;
      reference.writeUInt32BE(index);
      sorted.copy(reference, referenceRow.record, at + keyRow.record, at + keyRow.width);
      await references.add(reference);
    }
  }
  if (index + 1 !== count) throw new Error('the list has another length than it was to have');
  await flush();
  await list.sync();
  await references.finish();
}

/** Whether the row has another key than the one before it. */
function isFirst(sorted: Buffer, at: number): boolean {
  const before = at - keyRow.width;
  return at === 0 || sorted.compare(sorted, before, before + placeBytes, at, at + placeBytes) !== 0;
}

/** How many of so many fall into each partition, where each falls at random. */
function spread(count: number, partitions: number): number[] {
  const fallen = Array.from({ length: partitions }, () => 0);
  const drawn = Buffer.alloc(64 * 1024);
  for (let left = count; left > 0; left -= drawn.length) {
    randomFillSync(drawn);
    for (const byte of drawn.subarray(0, left)) fallen[byte % partitions] = (fallen[byte % partitions] ?? 0) + 1;
  }
  return fallen;
}
