// Our own list leaves into the ring, blinded, a few chunks at a time. All of it follows from the query's seed and the spill
// files, so that a chunk is the same whenever it is made; that it has left is written down in the transaction that posts it.
import { exchange } from '@anonymesh/protocol-asking';
import { blindChunk } from '@anonymesh/psi';
import { settledChunks } from '../../store/chunks.js';
import { advanceSetQuery } from '../../store/set-queries.js';
import { postChunk } from '../../outbound/set-letters.js';
import { roomFor, transact, type ReadCourse } from '../course.js';
import { chunksOf, pointsOf, ringOf } from './ring.js';
import { untilEnded } from './until-ended.js';

/** Chunks of ours that are on their way at once. */
const window = 8;

/** Until all have left, and then until the query has ended. */
export async function sendList(course: ReadCourse): Promise<void> {
  const { question, records, holder, node } = course;
  const { queryId, agreement } = question;
  const points = pointsOf(agreement, records);
  const { next } = ringOf(agreement, holder.id);
  const leaving = leavingOf(course);
  await untilEnded(course, async ({ sent }) => {
    if (sent >= chunksOf(points)) return false;
    const back = await settledChunks(node.courier.store.knex, queryId, holder.id);
    if (sent - back >= window) return false;
    const bytes = await leaving(sent);
    await roomFor(course, exchange, next);
    await transact(course, async (work) => {
      if (!(await advanceSetQuery(work.transaction, queryId, { sent }, { sent: sent + 1 }))) return;
      postChunk(work, question, next, { owner: holder.id, points, chunk: sent, bytes });
    });
    return true;
  });
}

/** The points of a chunk as they leave. */
function leavingOf({ files, pool, seed, scalars, question }: ReadCourse): (chunk: number) => Promise<Uint8Array> {
  const list = { pool, seed, queryId: question.queryId, ...scalars };
  let anchor: Uint8Array | undefined;
  // Open no longer than that: its room on the disk is free once all is told.
  const uniformOf = async (chunk: number) => {
    const uniforms = await files.list(true);
    return uniforms.read(chunk).finally(() => uniforms.close());
  };
  const blinded = async (chunk: number) => blindChunk(list, chunk, await uniformOf(chunk), anchor);
  return async (chunk) => {
    // After a restart in the middle, chunk 0 is made again.
    if (chunk > 0) anchor ??= (await blinded(0)).sum;
    const { points, sum } = await blinded(chunk);
    if (chunk === 0) anchor = sum;
    return points;
  };
}
