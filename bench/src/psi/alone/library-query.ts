// A whole set query of two holders in this process, through libs/psi alone: their parts, the aggregator's and the
// requester's. What a mesh adds is left out: letters, the holders' secret orders, spill files, and that anybody waits.
import { randomBytes } from 'node:crypto';
import type { QueryId } from '@anonymesh/protocol';
import {
  controlInput,
  controlOf,
  controlsAgree,
  openCombiner,
  openOuter,
  openRecord,
  bucketOf,
  tokenShape,
  uniformOf,
  type Combined,
  type Combiner,
  type Control,
  type Pool,
  type TokenBatch,
  type TokenShape,
} from '@anonymesh/psi';
import { agreed, limits, type Mode, type Sample } from '../sample.js';
import { chunksOf, type ListChunk } from './chunks.js';
import { keyInputsOf } from './key-inputs-of.js';
import { openRing, type RingAlone } from './ring-alone.js';
import { makeHolders, type HolderAlone } from './two-holders.js';

/** Chunks that are worked on at once: one is read and hashed while another one is multiplied. */
const lanes = 2;

interface Course {
  readonly query: QueryId;
  readonly shape: TokenShape;
  readonly pool: Pool;
  readonly combiner: Combiner;
}

/**
 * From opening the holders' files until the requester has what it may have. `folder` is for the aggregator's files.
 * Throws if what was found is not what the sample's lists have in common.
 */
export async function libraryQuery(pool: Pool, sample: Sample, mode: Mode, folder: string): Promise<void> {
  const { elements, common } = sample;
  const query = randomBytes(16).toString('hex');
  const shape = tokenShape(agreed(mode));
  const course = { query, shape, pool, combiner: await openCombiner({ folder, shape }) };
  const [first, second] = await makeHolders(query);
  const records: Record<string, number> = {};
  const controls: Record<string, Control> = {};
  for (const [holder, other] of [
    [first, second],
    [second, first],
  ] as const) {
    const inputs = keyInputsOf(holder.id, sample);
    const list = { records: elements, inputs };
    records[holder.id] = bucketOf(list.records);
    const ring = openRing(course, holder, other);
    controls[holder.id] = await findControl(course, holder, ring);
    const chunks = chunksOf(query, shape, list);
    const work = async () => {
      for await (const chunk of chunks) await tell(course, holder, ring, chunk, bucketOf(list.records));
    };
    await Promise.all(Array.from({ length: lanes }, work));
    if (!(await ring.isHonest())) throw new Error('the list came back altered');
  }
  if (!controlsAgree(shape.holders, controls)) throw new Error('the holders have not used the same keys');
  const combined = await course.combiner.combine(records, limits);
  if (typeof combined === 'string') throw new Error(`nothing could be combined: ${combined}`);
  if (combined.people !== common) throw new Error(`${combined.people} people, not ${common}`);
  if (mode === 'on-match') await openAll(course, combined, [first, second]);
}

async function findControl(course: Course, holder: HolderAlone, ring: RingAlone): Promise<Control> {
  const points = await ring.pass(uniformOf(course.query, controlInput()));
  return controlOf({ ...course, holder: holder.id, pairSecrets: holder.pairSecrets, points });
}

async function tell(
  { query, shape, pool, combiner }: Course,
  holder: HolderAlone,
  ring: RingAlone,
  { first, uniform, records, dummies }: ListChunk,
  padded: number,
): Promise<void> {
  const { id, seed, pairSecrets, exportSecret } = holder;
  const points = await ring.pass(uniform);
  const releases = shape.release === 'on-match' ? { releases: { seed, exportSecret, records, dummies } } : {};
  const batch: TokenBatch = { query, shape, holder: id, first, points, pairSecrets, ...releases };
  const { tokens } = await pool.run<{ readonly tokens: Uint8Array }>('tokens', batch);
  if (!(await combiner.add({ holder: id, records: padded, first, tokens }))) throw new Error('tokens of no shape');
}

async function openAll({ query, shape }: Course, combined: Combined, all: readonly HolderAlone[]): Promise<void> {
  for await (const released of combined.released()) {
    const exportSecret = all.find(({ id }) => id === released.holder)?.openSecret;
    const sealed = openOuter(query, shape, released);
    const opened = exportSecret && sealed && openRecord({ query, exportSecret }, ['position'], sealed);
    if (opened?.['position'] !== released.record) throw new Error('a record that matched does not open');
  }
}
