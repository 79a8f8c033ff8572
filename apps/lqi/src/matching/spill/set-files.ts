// The spill files of one set query, their names and the widths of their rows: the one place that knows them all.
import type { SetAgreement } from '@anonymesh/protocol';
import { bucketOf } from '@anonymesh/psi';
import { keysInChunk } from '../exchanging/ring.js';
import { openPartitions, partitionsFor, smallBytes, type Partitions } from './partitions.js';
import { openRowFile, type RowFile } from './row-file.js';
import type { SealedBlocks } from './sealed-blocks.js';
import type { Spill } from './spill.js';

/** A record's own random place in the order of tokens: 8 random bytes, then its number, so that no two are equal. */
export const recordKeyBytes = 12;
/** Bytes of the pseudo-random function of a key, by which the list is ordered and equal keys are found. */
export const placeBytes = 16;
/** Slots that no record has: of the control, and of an entry that only makes up the number. */
export const controlSlot = 254;
export const noSlot = 255;

/** place ‖ uniform bytes ‖ record key ‖ slot */
export const keyRow = { width: placeBytes + 64 + recordKeyBytes + 1, uniform: placeBytes, record: placeBytes + 64 };
/** index in the list, 4 bytes big-endian ‖ record key ‖ slot */
export const referenceRow = { width: 4 + recordKeyBytes + 1, record: 4, slot: 4 + recordKeyBytes };
/** record key ‖ slot ‖ T */
export const slotRow = { width: recordKeyBytes + 1 + 32, sortedBy: recordKeyBytes + 1, point: recordKeyBytes + 1 };
/** record key ‖ 1 where there is no record ‖ the record */
export const recordRow = { dummy: recordKeyBytes, record: recordKeyBytes + 1 };

export interface SetFiles {
  keys(): Promise<Partitions>;
  /** Uniform bytes in the order of the list, a chunk in each block. */
  list(keep: boolean): Promise<SealedBlocks>;
  /** Which record has the key at each place of the list, in that order. */
  references(keep: boolean): Promise<RowFile>;
  records(keep: boolean): Promise<Partitions>;
  /** T, a chunk in each block. */
  returned(): Promise<SealedBlocks>;
  /** Of each chunk that is back, the sum of its points and the point that was hidden in it. */
  checks(): Promise<SealedBlocks>;
  slots(): Promise<Partitions>;
  /** T in an order in which equal ones are neighbours. */
  points(): Promise<Partitions>;
  /** What stands behind the tokens of each letter, in their order: points of the slots ‖ 1 where there is no record ‖ record. */
  told(inLetter: number): Promise<SealedBlocks>;
  dropAll(...names: Name[]): Promise<void>;
}

type Name = 'keys' | 'list' | 'references' | 'records' | 'returned' | 'checks' | 'slots' | 'points';

export function setFiles(spill: Spill, { limits, keys, record, release }: SetAgreement): SetFiles {
  const most = bucketOf(limits.records.most);
  const slots = most * keys.length;
  const partitioned = {
    keys: [keyRow.width, partitionsFor(slots, keyRow.width, smallBytes)],
    records: [recordRow.record + record.bytes, joined()],
    slots: [slotRow.width, joined()],
    points: [32, partitionsFor(slots, 32, smallBytes)],
  } as const;

  /** Records and their slots are read side by side: both have as many partitions. */
  function joined(): number {
    if (release === 'count') return partitionsFor(slots, slotRow.width, smallBytes);
    return partitionsFor(most, Math.max(recordRow.record + record.bytes, keys.length * slotRow.width));
  }

  /** What a process that died left of it is worth nothing: it is made from the beginning. */
  const partitions = async (name: keyof typeof partitioned, keep = false) => {
    const [width, count] = partitioned[name];
    if (!keep) await dropPartitions(name, count);
    return openPartitions(spill, name, width, count, keep);
  };

  const dropPartitions = async (name: string, count: number) => {
    for (let index = 0; index < count; index++) await spill.drop(`${name}-${index}`);
  };

  return {
    keys: () => partitions('keys'),
    list: (keep) => spill.open('list', keysInChunk * 64, keep),
    references: (keep) => openRowFile(spill, 'references', referenceRow.width, keep),
    records: (keep) => partitions('records', keep),
    returned: () => spill.open('returned', keysInChunk * 32, true),
    checks: () => spill.open('checks', 64, true),
    slots: () => partitions('slots'),
    points: () => partitions('points'),
    told: (inLetter) => spill.open('told', inLetter * (keys.length * 32 + 1 + record.bytes), true),
    dropAll: async (...names) => {
      for (const name of names) {
        await spill.drop(name);
        if (name in partitioned) await dropPartitions(name, partitioned[name as keyof typeof partitioned][1]);
      }
    },
  };
}
