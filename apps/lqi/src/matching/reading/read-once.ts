// The first part of a query's course: the set is read, and nothing leaves before it is read to its end. What fails for
// now is tried again until it would be too late; a process that dies while it reads begins anew.
import { loggable, noticed } from '@anonymesh/runtime';
import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { advanceSetQuery } from '../../store/set-queries.js';
import { stillOpen, transact, type Course, type ReadCourse } from '../course.js';
import { changedTooMuch, sketchFor } from '../novelty/compare.js';
import { setFiles } from '../spill/set-files.js';
import { openSpill, removeSpill } from '../spill/spill.js';
import { readSet, type Read } from './read-set.js';

/** Milliseconds between two tries, and between the last of them and the deadline, so that a refusal still arrives. */
const pause = 1000;

/** The files of what was read; undefined where the query has ended. */
export async function readOnce(course: Course): Promise<ReadCourse | undefined> {
  for (;;) {
    const row = await stillOpen(course);
    if (row === undefined) return undefined;
    if (row.reading !== null) return { ...course, records: row.records, files: await filesOf(course, row.reading) };
    const read = await readAnew(course);
    if ('refused' in read) return void (await course.refuse(read.refused));
    if ('again' in read) {
      course.signal.throwIfAborted();
      const again = Date.now() + 2 * pause < row.due;
      course.node.log.fault('set.not-read', read.again, { query: loggable.queryId(row.query_id), again });
      if (!again) return void (await course.refuse('source-failed'));
      await wait(pause, undefined, { signal: course.signal });
    }
  }
}

async function readAnew(course: Course): Promise<Read> {
  const { question, seed, source, pool, signal, spill, inTurn, node } = course;
  const { queryId, agreement } = question;
  const reading = randomBytes(8).toString('hex');
  const told: Promise<void>[] = [];
  const tell = (percent: number) => void told.push(noticed(announce(course, percent)));
  const sketch = sketchFor(course);
  tell(0);
  const reads = inTurn(async () => {
    signal.throwIfAborted(); // others may have been long at it
    await removeSpill(spill, queryId);
    const place = await openSpill({ folder: spill, queryId, reading, seed });
    const files = setFiles(place, agreement);
    const found = await readSet({
      question,
      source,
      files,
      seed,
      digests: pool.digests,
      signal,
      sketch,
      progress: tell,
    });
    await (await files.returned()).close(); // its name, too, is to be there after a loss of power
    await place.sync();
    return found;
  });
  // Whatever came of it, nothing is told of this reading any more when the next one begins.
  const read = await reads.finally(() => Promise.allSettled(told));
  await Promise.all(told);
  if (!('bucket' in read)) return read;
  const isKept = await transact(course, async ({ transaction }) => {
    if (sketch !== undefined && (await changedTooMuch(transaction, course, sketch))) return false;
    await advanceSetQuery(
      transaction,
      queryId,
      { reading: null },
      { reading, records: read.bucket, stage: 'exchanging' },
    );
    return true;
  });
  if (isKept === false) return { refused: 'set-changed' };
  if (isKept === true)
    node.log.info('set.read', {
      query: loggable.queryId(queryId),
      keys: agreement.keys.length,
      padded: read.bucket,
    });
  return read;
}

async function filesOf({ question, seed, spill }: Course, reading: string) {
  const { queryId, agreement } = question;
  return setFiles(await openSpill({ folder: spill, queryId, reading, seed }), agreement);
}

async function announce(course: Course, percent: number): Promise<void> {
  if (!course.progress.isNews('reading', percent)) return;
  await transact(course, async (work) => course.progress.tell(work, 'reading', percent));
}
