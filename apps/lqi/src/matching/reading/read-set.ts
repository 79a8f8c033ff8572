// Reads a holder's set once, by the pinned template, in bounded memory: every row becomes keys that only this query can
// compare, and a record of one size. What does not fit what was agreed is no smaller set: the query is refused.
import type { RefusalCode } from '@anonymesh/protocol';
import { bucketOf, keyInputs, recordBytes, type Digests } from '@anonymesh/psi';
import { createSecretKey } from 'node:crypto';
import type { SetQuestion } from '../../inbound/question.js';
import { parametersOf, statementOf } from '../../questions/statement.js';
import { SourceFault } from '../../sources/source-fault.js';
import { batchSize, type Source } from '../../sources/source.js';
import type { Sketch } from '../novelty/sketch.js';
import { subkeyOf } from '../subkey.js';
import { Crowded, type Partitions } from '../spill/partitions.js';
import { keysOf } from '../exchanging/ring.js';
import { keyRow, recordRow, type SetFiles } from '../spill/set-files.js';
import { whileOpen } from '../spill/while-open.js';
import { arrange } from './arrange.js';
import { openKeyRows, type KeyRows } from './key-rows.js';

export type Read =
  /** Records, padded. */
  | { readonly bucket: number }
  | { readonly refused: RefusalCode }
  /** The database failed, and may not next time. */
  | { readonly again: SourceFault };

export interface Reading {
  readonly question: SetQuestion;
  readonly source: Source;
  readonly files: SetFiles;
  readonly seed: Uint8Array;
  /** Of the pool's engine. */
  readonly digests: Digests;
  /** Aborted when the query has ended. */
  readonly signal: AbortSignal;
  /** Of what is read, where the agreement limits how much may be new. */
  readonly sketch?: Sketch | undefined;
  /** Called with 0 … 100. */
  readonly progress: (percent: number) => void;
}

export async function readSet(reading: Reading): Promise<Read> {
  try {
    return await read(reading);
  } catch (cause) {
    if (cause instanceof Crowded) return { refused: 'set-unfit' };
    if (!(cause instanceof SourceFault)) throw cause;
    if (cause.code === 'too-many-rows') return { refused: 'set-too-large' };
    return cause.code === 'statement' ? { refused: 'source-unfit' } : { again: cause };
  }
}

async function read(reading: Reading): Promise<Read> {
  const { question, files, seed, digests, progress } = reading;
  const { agreement, queryId } = question;
  const rows = openKeyRows(queryId, createSecretKey(subkeyOf(seed, queryId, 'anonymesh/lqi/order/v1')), digests);
  try {
    return await whileOpen(async (open) => {
      const keys = await open(files.keys());
      const records = agreement.release === 'count' ? undefined : await open(files.records(false));
      const counted = await readRows(reading, rows, keys, records);
      if (counted === 'unfit') return { refused: 'set-unfit' };
      progress(50);
      const bucket = bucketOf(counted);
      const dummy = { inputs: agreement.keys.map(() => undefined), record: Buffer.alloc(agreement.record.bytes) };
      for (let missing = bucket - counted; missing > 0; missing -= batchSize)
        await add(rows, keys, records, Array<Entry>(Math.min(missing, batchSize)).fill(dummy), 1);
      await keys.add(rows.control());
      await keys.finish();
      await records?.finish();
      await arrange(files, keys, rows, keysOf(agreement, bucket));
      return { bucket };
    });
  } finally {
    await files.dropAll('keys');
  }
}

/** How many there are. */
async function readRows(
  { question, source, signal, sketch }: Reading,
  rows: KeyRows,
  keys: Partitions,
  records: Partitions | undefined,
): Promise<number | 'unfit'> {
  const { agreement, template, terms } = question;
  const { milliseconds } = template;
  const limits = { rows: Math.min(agreement.limits.records.most, template.rows), milliseconds, signal };
  const { bytes } = agreement.record;
  let count = 0;
  for await (const batch of source.stream(statementOf(template), parametersOf(question), limits)) {
    signal.throwIfAborted();
    const entries: Entry[] = [];
    for (const row of batch) {
      const inputs = keyInputs(agreement.keys, row);
      const record = records === undefined ? noBytes : recordBytes(terms.releases, row, bytes);
      if (inputs === 'unfit' || record === 'unfit') return 'unfit';
      sketch?.add(inputs);
      entries.push({ inputs, record });
    }
    await add(rows, keys, records, entries, 0);
    count += entries.length;
  }
  return count;
}

const noBytes = Buffer.alloc(0);

/** What becomes of a row of the source. */
interface Entry {
  readonly inputs: readonly (Buffer | undefined)[];
  /** What is released of it. */
  readonly record: Buffer;
}

async function add(
  rows: KeyRows,
  keys: Partitions,
  records: Partitions | undefined,
  entries: readonly Entry[],
  dummy: 0 | 1,
): Promise<void> {
  const keyed = entries.map((entry) => ({ inputs: entry.inputs, record: rows.record() }));
  const slots = rows.slots(keyed);
  for (let at = 0; at < slots.length; at += keyRow.width) {
    const full = keys.add(slots.subarray(at, at + keyRow.width));
    if (full !== undefined) await full;
  }
  if (records === undefined) return;
  for (const [index, { record }] of entries.entries()) {
    const key = keyed[index]?.record ?? noBytes;
    await records.add(Buffer.concat([key, Uint8Array.of(dummy), record], recordRow.record + record.length));
  }
}
