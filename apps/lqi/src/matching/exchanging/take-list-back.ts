// Our own list, back from the ring, becomes T: what is kept of it is on the disk before its chunk is forgotten.
import { finishChunk } from '@anonymesh/psi';
import { nextChunks, settleChunk, settledChunks, type Chunk } from '../../store/chunks.js';
import { lookEvery, stillOpen, transact, type ReadCourse } from '../course.js';
import { whileOpen } from '../spill/while-open.js';
import { chunksAtOnce, chunksOf, pointsOf } from './ring.js';
import { ringShare, untilEnded } from './until-ended.js';

/** Until the query has ended. */
export async function takeListBack(course: ReadCourse): Promise<void> {
  const { holder, node, changes, files } = course;
  await whileOpen(async (open) => {
    const [returned, checks] = [await open(files.returned()), await open(files.checks())];
    const keep = async ({ chunk, bytes }: Chunk) => {
      const { pool, seed, question, scalars } = course;
      const list = { pool, seed, queryId: question.queryId, ...scalars };
      const { points, check } = await finishChunk(list, chunk, bytes ?? new Uint8Array());
      await returned.write(chunk, points);
      // Beside it, what tells whether the hops were honest.
      await checks.write(chunk, Buffer.concat([check.sum, check.point]));
    };
    await untilEnded(course, async ({ query_id: queryId }) => {
      const chunks = await nextChunks(node.courier.store.knex, queryId, { owner: holder.id }, chunksAtOnce);
      if (chunks.length === 0) return false;
      await Promise.all(chunks.map(keep));
      await Promise.all([returned.sync(), checks.sync()]);
      await settle(course, chunks);
      changes.announce();
      return true;
    });
  });
}

async function settle(course: ReadCourse, chunks: readonly Chunk[]): Promise<void> {
  const { question, holder, records, progress } = course;
  await transact(course, async (work) => {
    for (const chunk of chunks) await settleChunk(work.transaction, chunk);
    const back = await settledChunks(work.transaction, question.queryId, holder.id);
    progress.tell(work, 'exchanging', (ringShare * back) / chunksOf(pointsOf(question.agreement, records)));
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
