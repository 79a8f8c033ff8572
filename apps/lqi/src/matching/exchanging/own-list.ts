// Our own list in the ring: what leaves of it, and what is kept of it when it is back. All of it follows from the query's
// seed and the spill files, so that a chunk is the same whenever it is made.
import { blindChunk, finishChunk } from '@anonymesh/psi';
import type { ReadCourse } from '../course.js';

export interface OwnList {
  /** The points of a chunk as they leave. */
  leaving(chunk: number): Promise<Uint8Array>;
  /** T of a chunk that is back is written at its place, beside what tells whether the hops were honest. */
  takeBack(chunk: number, returned: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

export async function openOwnList({ files, pool, seed, scalars, question }: ReadCourse): Promise<OwnList> {
  const list = { pool, seed, queryId: question.queryId, ...scalars };
  const [returned, checks] = [await files.returned(), await files.checks()];
  let anchor: Uint8Array | undefined;

  // Open no longer than that: its room on the disk is free once all is told.
  const uniformOf = async (chunk: number) => {
    const uniforms = await files.list(true);
    return uniforms.read(chunk).finally(() => uniforms.close());
  };
  const blinded = async (chunk: number) => blindChunk(list, chunk, await uniformOf(chunk), anchor);
  return {
    leaving: async (chunk) => {
      // After a restart in the middle, chunk 0 is made again.
      if (chunk > 0) anchor ??= (await blinded(0)).sum;
      const { points, sum } = await blinded(chunk);
      if (chunk === 0) anchor = sum;
      return points;
    },
    takeBack: async (chunk, points) => {
      const finished = await finishChunk(list, chunk, points);
      await returned.write(chunk, finished.points);
      await checks.write(chunk, Buffer.concat([finished.check.sum, finished.check.point]));
      // On the disk before the chunk is forgotten.
      await Promise.all([returned.sync(), checks.sync()]);
    },
    close: async () => {
      await returned.close();
      await checks.close();
    },
  };
}
