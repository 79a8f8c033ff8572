// The ring: our list leaves, blinded, a few chunks at a time; others' lists are multiplied by our key and passed on; ours,
// back from the ring, becomes T. Every step is written down in the transaction of what it sends, so that it can be
// killed at any moment and goes on from there.
import { loggable } from '@anonymesh/runtime';
import { exchange } from '@anonymesh/protocol-asking';
import { BadPoint } from '@anonymesh/psi';
import { nextChunk, settleChunk, settledChunks, type Chunk } from '../../store/chunks.js';
import { advanceSetQuery } from '../../store/set-queries.js';
import { postChunk } from '../../outbound/set-letters.js';
import { lookEvery, roomFor, stillOpen, transact, type ReadCourse } from '../course.js';
import { openOwnList, type OwnList } from './own-list.js';
import { chunksOf, pointsOf, ringOf } from './ring.js';

/** Chunks of ours that are on their way at once. */
const window = 4;
/** Of the exchanging stage, how much is the ring; the rest is telling. */
export const ringShare = 80;

/** Until the query has ended: others' lists may still come when ours is long back. */
export async function exchangeLists(course: ReadCourse): Promise<void> {
  const { changes } = course;
  const own = await openOwnList(course);
  try {
    for (;;) {
      const seen = changes.seen();
      const row = await stillOpen(course);
      if (row === undefined) return;
      if (await sendNext(course, own, row.sent)) continue;
      const chunk = await nextChunk(course.node.courier.store.knex, row.query_id);
      if (chunk === undefined) await changes.after(seen, lookEvery);
      else if (chunk.owner === course.holder.id) await takeBack(course, own, chunk);
      else await passOn(course, chunk);
    }
  } catch (cause) {
    if (!(cause instanceof BadPoint)) throw cause;
    course.node.log.warn('set.bad-point', { query: loggable.queryId(course.query.query_id) });
    await course.refuse('bad-point');
  } finally {
    await own.close();
  }
}

/** Whether there was one to send, and room for it in the ring. */
async function sendNext(course: ReadCourse, own: OwnList, sent: number): Promise<boolean> {
  const { question, records, holder, node } = course;
  const { queryId, agreement } = question;
  const points = pointsOf(agreement, records);
  if (sent >= chunksOf(points)) return false;
  const back = await settledChunks(node.courier.store.knex, queryId, holder.id);
  if (sent - back >= window) return false;
  const { next } = ringOf(agreement, holder.id);
  const bytes = await own.leaving(sent);
  await roomFor(course, exchange, next);
  await transact(course, async (work) => {
    if (!(await advanceSetQuery(work.transaction, queryId, { sent }, { sent: sent + 1 }))) return;
    postChunk(work, question, next, { owner: holder.id, points, chunk: sent, bytes });
  });
  return true;
}

async function passOn(course: ReadCourse, chunk: Chunk): Promise<void> {
  const { question, holder, pool, scalars } = course;
  const { next } = ringOf(question.agreement, holder.id);
  const bytes = await pool.multiply(chunk.bytes ?? new Uint8Array(), scalars.key);
  await roomFor(course, exchange, next);
  await transact(course, async (work) => {
    if (await settleChunk(work.transaction, chunk)) postChunk(work, question, next, { ...chunk, bytes });
  });
}

async function takeBack(course: ReadCourse, own: OwnList, chunk: Chunk): Promise<void> {
  const { question, progress, changes } = course;
  await own.takeBack(chunk.chunk, chunk.bytes ?? new Uint8Array());
  await transact(course, async (work) => {
    if (!(await settleChunk(work.transaction, chunk))) return;
    const back = await settledChunks(work.transaction, question.queryId, chunk.owner);
    progress.tell(work, 'exchanging', (ringShare * back) / chunksOf(chunk.points));
  });
  changes.announce();
}

/** Resolves to whether our whole list is back; false where the query ends before. */
export async function isBack(course: ReadCourse): Promise<boolean> {
  const { question, records, holder, changes, node } = course;
  const chunks = chunksOf(pointsOf(question.agreement, records));
  for (;;) {
    const seen = changes.seen();
    if ((await stillOpen(course)) === undefined) return false;
    const back = await settledChunks(node.courier.store.knex, question.queryId, holder.id);
    if (back === chunks) return true;
    await changes.after(seen, lookEvery);
  }
}
