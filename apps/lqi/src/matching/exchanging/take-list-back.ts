// Our own list, back from the ring, becomes T: what is kept of it is on the disk before its chunk is forgotten.
import { finishChunk } from '@anonymesh/psi';
import { nextChunk, settleChunk, settledChunks, type Chunk } from '../../store/chunks.js';
import { lookEvery, stillOpen, transact, type ReadCourse } from '../course.js';
import { chunksOf, pointsOf } from './ring.js';
import { ringShare, untilEnded } from './until-ended.js';

/** Until the query has ended. */
export async function takeListBack(course: ReadCourse): Promise<void> {
  const { holder, node, changes, files } = course;
  const [returned, checks] = [await files.returned(), await files.checks()];
  const keep = async ({ chunk, bytes }: Chunk) => {
    const { pool, seed, question, scalars } = course;
    const list = { pool, seed, queryId: question.queryId, ...scalars };
    const { points, check } = await finishChunk(list, chunk, bytes ?? new Uint8Array());
    await returned.write(chunk, points);
    // Beside it, what tells whether the hops were honest.
    await checks.write(chunk, Buffer.concat([check.sum, check.point]));
    await Promise.all([returned.sync(), checks.sync()]);
  };
  try {
    await untilEnded(course, async ({ query_id: queryId }) => {
      const chunk = await nextChunk(node.courier.store.knex, queryId, { owner: holder.id });
      if (chunk === undefined) return false;
      await keep(chunk);
      await settle(course, chunk);
      changes.announce();
      return true;
    });
  } finally {
    await returned.close();
    await checks.close();
  }
}

async function settle(course: ReadCourse, chunk: Chunk): Promise<void> {
  const { question, progress } = course;
  await transact(course, async (work) => {
    if (!(await settleChunk(work.transaction, chunk))) return;
    const back = await settledChunks(work.transaction, question.queryId, chunk.owner);
    progress.tell(work, 'exchanging', (ringShare * back) / chunksOf(chunk.points));
  });
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
