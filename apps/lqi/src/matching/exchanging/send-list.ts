// Our own list leaves into the ring, blinded, a few chunks at a time. All of it follows from the query's seed and the spill
// files, so that a chunk is the same whenever it is made; that it has left is written down in the transaction that posts it.
import { exchange } from '@anonymesh/protocol-asking';
import { blindChunk } from '@anonymesh/psi';
import { settledChunks } from '../../store/chunks.js';
import { advanceSetQuery } from '../../store/set-queries.js';
import { postChunk } from '../../outbound/set-letters.js';
import { transact, type ReadCourse } from '../course.js';
import { chunksAtOnce, chunksOf, pointsOf, ringOf } from './ring.js';
import { untilEnded } from './until-ended.js';

/** Chunks of ours that are on their way at once. */
const window = 16;

/** Until all have left, and then until the query has ended. */
export async function sendList(course: ReadCourse): Promise<void> {
  const { question, records, holder, node, signal } = course;
  const { queryId, agreement } = question;
  const points = pointsOf(agreement, records);
  const { next } = ringOf(agreement, holder.id);
  const leaving = leavingOf(course);
  await untilEnded(course, async ({ sent }) => {
    if (sent >= chunksOf(points)) return false;
    const back = await settledChunks(node.courier.store.knex, queryId, holder.id);
    const most = Math.min(chunksAtOnce, chunksOf(points) - sent, back + window - sent);
    if (most <= 0) return false;
    const chunks = Array.from({ length: most }, (_, more) => sent + more);
    const all = await leaving(chunks);
    await node.courier.hasRoom(exchange, next, signal);
    await transact(course, async (work) => {
      if (!(await advanceSetQuery(work.transaction, queryId, { sent }, { sent: sent + most }))) return;
      for (const { chunk, bytes } of all) postChunk(work, question, next, { owner: holder.id, points, chunk, bytes });
    });
    return true;
  });
}

interface Leaving {
  readonly chunk: number;
  readonly bytes: Uint8Array;
}

/** The points of some chunks as they leave. */
function leavingOf({ files, pool, seed, scalars, question }: ReadCourse) {
  const list = { pool, seed, queryId: question.queryId, ...scalars };
  let anchor: Uint8Array | undefined;
  return async (chunks: readonly number[]): Promise<Leaving[]> => {
    // Open no longer than that: its room on the disk is free once all is told.
    const uniforms = await files.list(true);
    const blinded = async (chunk: number) => blindChunk(list, chunk, await uniforms.read(chunk), anchor);
    try {
      const first = anchor === undefined ? await blinded(0) : undefined; // after a restart it is made again
      anchor ??= first?.sum;
      return await Promise.all(
        chunks.map(async (chunk) => ({
          chunk,
          bytes: (chunk === 0 && first !== undefined ? first : await blinded(chunk)).points,
        })),
      );
    } finally {
      await uniforms.close();
    }
  };
}
