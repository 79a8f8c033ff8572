// A holder's list as the ring carries it, chunk after chunk: a point to be for each key of each record, and random ones
// where there is no key or no record.
import { randomFillSync } from 'node:crypto';
import type { QueryId } from '@anonymesh/protocol';
import { bucketOf, recordBytes, uniformBytes, uniformOf, type TokenShape } from '@anonymesh/psi';

/** Keys of a chunk: with the hidden point what travels in one letter. */
const chunkKeys = 4_095;

export interface ListChunk {
  /** Position of its first record. */
  readonly first: number;
  readonly count: number;
  /** 64 bytes for each key of each record. */
  readonly uniform: Buffer;
  /** What is released of a record if it matches: its position. */
  readonly records: Buffer;
  /** 1 for each that is no record. */
  readonly dummies: Buffer;
}

export interface List {
  /** Before padding: the chunks throw if there are more or less. */
  readonly records: number;
  readonly inputs: AsyncIterable<readonly (Buffer | undefined)[]>;
}

export async function* chunksOf(query: QueryId, shape: TokenShape, list: List): AsyncGenerator<ListChunk, void> {
  const padded = bucketOf(list.records);
  const most = Math.floor(chunkKeys / shape.keys);
  const inputs = list.inputs[Symbol.asyncIterator]();
  let read = 0;
  for (let first = 0; first < padded; first += most) {
    const chunk = emptyChunk(shape, first, Math.min(most, padded - first));
    for (let index = 0; index < chunk.count; index++) {
      const record = await inputs.next();
      if (record.done === true) break;
      fill(chunk, index, query, shape, record.value);
      read++;
    }
    yield chunk;
  }
  if (read !== list.records || (await inputs.next()).done !== true) throw new Error(`not ${list.records} records`);
}

function emptyChunk(shape: TokenShape, first: number, count: number): ListChunk {
  return {
    first,
    count,
    uniform: randomFillSync(Buffer.alloc(count * shape.keys * uniformBytes)),
    records: Buffer.alloc(count * shape.recordBytes),
    dummies: Buffer.alloc(count, 1),
  };
}

function fill(
  { first, uniform, records, dummies }: ListChunk,
  index: number,
  query: QueryId,
  { keys, recordBytes: size }: TokenShape,
  inputs: readonly (Buffer | undefined)[],
): void {
  inputs.forEach((input, slot) => {
    if (input !== undefined) uniform.set(uniformOf(query, input), (index * keys + slot) * uniformBytes);
  });
  const record = recordBytes(['position'], { position: first + index }, size);
  if (record === 'unfit') throw new Error('a position does not fit into a record');
  records.set(record, index * size);
  dummies[index] = 0;
}
