// Others' lists on their way through us: each chunk is multiplied by our key and passed on, in the transaction that
// forgets it.
import { exchange } from '@anonymesh/protocol-asking';
import { nextChunk, settleChunk } from '../../store/chunks.js';
import { postChunk } from '../../outbound/set-letters.js';
import { roomFor, transact, type ReadCourse } from '../course.js';
import { ringOf } from './ring.js';
import { untilEnded } from './until-ended.js';

/** Until the query has ended: others' lists may still come when ours is long back. */
export async function passLists(course: ReadCourse): Promise<void> {
  const { question, holder, pool, scalars, node } = course;
  const { next } = ringOf(question.agreement, holder.id);
  await untilEnded(course, async ({ query_id: queryId }) => {
    const chunk = await nextChunk(node.courier.store.knex, queryId, { notOf: holder.id });
    if (chunk === undefined) return false;
    const bytes = await pool.multiply(chunk.bytes ?? new Uint8Array(), scalars.key);
    await roomFor(course, exchange, next);
    await transact(course, async (work) => {
      if (await settleChunk(work.transaction, chunk)) postChunk(work, question, next, { ...chunk, bytes });
    });
    return true;
  });
}
