// Records as the aggregator gets them: what it can compare, what opens others' records, and an envelope. A plain function
// of plain data, so that a worker thread can do it.
import type { Digests } from '../group/engine.js';
import { Envelopes } from './envelope.js';
import type { TokenShape } from './shape.js';
import { wordBytes } from './shape.js';
import { wordsOf } from './words.js';

export interface TokenBatch {
  /** The query ID. */
  readonly query: string;
  readonly shape: TokenShape;
  readonly holder: string;
  /** Position of the first of these records in the order of tokens. */
  readonly first: number;
  /** T(x) of each slot, record by record: m × keys × 32 bytes. */
  readonly points: Uint8Array;
  /** For each other holder the secret that its mask key and this holder's agree on: 32 bytes. */
  readonly pairSecrets: Readonly<Record<string, Uint8Array>>;
  /** Only `on-match`. */
  readonly releases?: {
    /** The secret of the holder's part in this query: 32 bytes. */
    readonly seed: Uint8Array;
    /** Of `openSender`: 32 bytes. */
    readonly exportSecret: Uint8Array;
    /** Of `recordBytes`, one after another: m × recordBytes. */
    readonly records: Uint8Array;
    /** m bytes, 1 where there is no record: what stands in `records` there is not looked at. */
    readonly dummies: Uint8Array;
  };
}

/** m tokens of `shape.bytes` each, in the order of the records. The same input always gives the same bytes. */
export function tokensOf(batch: TokenBatch, digests?: Digests): Buffer {
  const { shape, first, points, releases } = batch;
  const { keys, gates, envelope, bytes, recordBytes } = shape;
  const pointsBytes = keys * 32;
  if (points.length % pointsBytes !== 0) throw new RangeError('not the points of whole records');
  const count = points.length / pointsBytes;
  requireReleases(batch, count);
  const others = shape.holders.length - 1;
  const { tags, theirs, ours } = wordsOf(batch, wantedFor[shape.release], digests);
  const envelopes = releases && new Envelopes({ ...batch, ...releases });
  const tokens = Buffer.alloc(count * bytes);
  for (let index = 0; index < count; index++) {
    const token = index * bytes;
    tags.copy(tokens, token, index * gates, (index + 1) * gates);
    if (shape.release === 'count') continue;
    const from = index * keys * others * wordBytes;
    for (let slot = 0; slot < keys; slot++) {
      for (let other = 0; other < others; other++) {
        const gate = from + (slot * others + other) * wordBytes;
        theirs.copy(tokens, token + gates + (other * keys + slot) * wordBytes, gate, gate + wordBytes);
      }
    }
    if (releases === undefined || envelopes === undefined) continue;
    if (releases.dummies[index] !== 0) {
      envelopes.fill(first + index, tokens, token + envelope);
      continue;
    }
    const record = releases.records.subarray(index * recordBytes, (index + 1) * recordBytes);
    const slots = points.subarray(index * pointsBytes, (index + 1) * pointsBytes);
    const opening = ours.subarray(from, from + keys * others * wordBytes);
    envelopes.seal(first + index, slots, opening, record, tokens, token + envelope);
  }
  envelopes?.wipe();
  ours.fill(0);
  return tokens;
}

const wantedFor = { count: 'tags', 'on-approval': 'theirs', 'on-match': 'all' } as const;

function requireReleases({ shape, first, releases }: TokenBatch, count: number): void {
  if (!Number.isSafeInteger(first) || first < 0) throw new RangeError('not a position');
  if ((shape.release === 'on-match') !== (releases !== undefined))
    throw new TypeError('records are released on a match, and only then');
  if (releases === undefined) return;
  if (releases.records.length !== count * shape.recordBytes || releases.dummies.length !== count)
    throw new RangeError('not one record, or none, for each');
}
