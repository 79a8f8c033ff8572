// Others' lists on their way through us: each chunk is multiplied by our key and passed on, in the transaction that
// forgets it.
import { exchange } from '@anonymesh/protocol-asking';
import { nextChunks, settleChunk } from '../../store/chunks.js';
import { postChunk } from '../../outbound/set-letters.js';
import { transact, type ReadCourse } from '../course.js';
import { chunksAtOnce, ringOf } from './ring.js';
import { untilEnded } from './until-ended.js';

/** Until the query has ended: others' lists may still come when ours is long back. */
export async function passLists(course: ReadCourse): Promise<void> {
  const { question, holder, pool, scalars, node, signal } = course;
  const { next } = ringOf(question.agreement, holder.id);
  await untilEnded(course, async ({ query_id: queryId }) => {
    const chunks = await nextChunks(node.courier.store.knex, queryId, { notOf: holder.id }, chunksAtOnce);
    if (chunks.length === 0) return false;
    const passed = await Promise.all(
      chunks.map(async (chunk) => ({
        chunk,
        bytes: await pool.multiply(chunk.bytes ?? new Uint8Array(), scalars.key),
      })),
    );
    await node.courier.hasRoom(exchange, next, signal);
    await transact(course, async (work) => {
      for (const { chunk, bytes } of passed) {
        await settleChunk(work.transaction, chunk);
        postChunk(work, question, next, { ...chunk, bytes });
      }
    });
    return true;
  });
}
