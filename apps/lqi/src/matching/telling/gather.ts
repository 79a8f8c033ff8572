// T, back from the ring in the order of the list, is brought into the order of tokens: to the records whose keys it is of,
// each at its own random place. Nothing of the one order is left in the other.
import { hopsAreHonest, type ReturnedCheck } from '@anonymesh/psi';
import { chunksOf, keysInChunk, pointsOf } from '../exchanging/ring.js';
import type { ReadCourse } from '../course.js';
import { Crowded, type Partitions } from '../spill/partitions.js';
import type { RowFile } from '../spill/row-file.js';
import type { SealedBlocks } from '../spill/sealed-blocks.js';
import { controlSlot, referenceRow, slotRow, type SetFiles } from '../spill/set-files.js';
import { whileOpen, type Open } from '../spill/while-open.js';

export interface Gathered {
  /** T of each slot of each record, sorted by record. */
  readonly slots: Partitions;
  /** T of the control: 32 bytes. */
  readonly control: Buffer;
}

/**
 * `open`: opens the slots, for as long as the caller needs them.
 * `altered`: our list did not come back as honest hops give it back. `repeated`: two places of it came back with one point,
 * which in a list of ours cannot be, whatever the hops' keys are.
 */
export async function gather(course: ReadCourse, open: Open): Promise<Gathered | 'altered' | 'repeated'> {
  const { question, records, files, pool, seed } = course;
  const chunks = chunksOf(pointsOf(question.agreement, records));
  const list = { pool, seed, queryId: question.queryId };
  if (!(await hopsAreHonest(list, checksOf(files, chunks)))) return 'altered';
  return (await hasRepeated(files, chunks)) ? 'repeated' : joined(files, await open(files.slots()));
}

async function* checksOf(files: SetFiles, chunks: number): AsyncIterable<ReturnedCheck> {
  const checks = await files.checks();
  try {
    for (let chunk = 0; chunk < chunks; chunk++) {
      const block = await checks.read(chunk);
      yield { sum: block.subarray(0, 32), point: block.subarray(32) };
    }
  } finally {
    await checks.close();
  }
}

async function hasRepeated(files: SetFiles, chunks: number): Promise<boolean> {
  try {
    return await whileOpen(async (open) => {
      const [returned, points] = [await open(files.returned()), await open(files.points())];
      for (let chunk = 0; chunk < chunks; chunk++) {
        const block = await returned.read(chunk);
        for (let at = 0; at < block.length; at += 32) await points.add(block.subarray(at, at + 32));
      }
      await points.finish();
      for await (const sorted of points.sorted(32)) {
        for (let at = 32; at < sorted.length; at += 32)
          if (sorted.compare(sorted, at - 32, at, at, at + 32) === 0) return true;
      }
      return false;
    });
  } catch (cause) {
    if (!(cause instanceof Crowded)) throw cause;
    return true;
  } finally {
    await files.dropAll('points');
  }
}

async function joined(files: SetFiles, slots: Partitions): Promise<Gathered> {
  const control = await whileOpen(async (open) =>
    join(await open(files.returned()), await open(files.references(true)), slots),
  );
  await slots.finish();
  return { slots, control };
}

/** Adds a row for each slot of each record; resolves to T of the control. */
async function join(returned: SealedBlocks, references: RowFile, slots: Partitions): Promise<Buffer> {
  const row = Buffer.alloc(slotRow.width);
  const control = Buffer.alloc(32);
  let open: { readonly chunk: number; readonly points: Buffer } | undefined;
  for await (const block of references.blocks()) {
    for (let at = 0; at < block.length; at += referenceRow.width) {
      const index = block.readUInt32BE(at);
      const chunk = Math.floor(index / keysInChunk);
      if (open?.chunk !== chunk) open = { chunk, points: await returned.read(chunk) };
      const point = (index % keysInChunk) * 32;
      if (block[at + referenceRow.slot] === controlSlot) open.points.copy(control, 0, point, point + 32);
      else {
        block.copy(row, 0, at + referenceRow.record, at + referenceRow.width);
        open.points.copy(row, slotRow.point, point, point + 32);
        await slots.add(row);
      }
    }
  }
  return control;
}
