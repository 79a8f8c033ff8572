// One set query at this holder from beginning to end, as far as it is: reading, the ring, telling, and where people
// decide, releasing. Nothing of its secrets stays in memory when it is over.
import { wipe } from '@anonymesh/psi';
import { approveAndRelease } from '../approvals/release-approved.js';
import { stillOpen, type Course, type ReadCourse } from './course.js';
import { passLists } from './exchanging/pass-lists.js';
import { sendList } from './exchanging/send-list.js';
import { isBack, takeListBack } from './exchanging/take-list-back.js';
import { readOnce } from './reading/read-once.js';
import { tell } from './telling/tell.js';

/** Resolves when the query has ended, or this process is to end. Rejects with faults: it can be followed again. */
export async function followCourse(course: Course): Promise<void> {
  try {
    const read = await readOnce(course);
    if (read === undefined) return;
    // Side by side, so that what one writes to the disk does not keep the others from multiplying.
    await together(course, sendList, passLists, takeListBack, async (each) => {
      if (!(await isBack(each))) return;
      if ((await stillOpen(each))?.stage === 'exchanging') await course.inTurn(() => tell(each));
      if (each.question.agreement.release === 'on-approval') await approveAndRelease(each);
    })(read);
  } finally {
    const { key, blind, finish } = course.scalars;
    wipe(course.seed, key, blind, finish);
  }
}

/** All until they are done. Where one fails the others are stopped first, so that nothing goes on behind a fault. */
function together(course: Course, ...parts: readonly ((course: ReadCourse) => Promise<void>)[]) {
  return async (read: ReadCourse) => {
    const failing = new AbortController();
    const signal = AbortSignal.any([course.signal, failing.signal]);
    const settled = await Promise.allSettled(
      parts.map((part) =>
        part({ ...read, signal }).catch((error: unknown) => {
          failing.abort();
          course.changes.announce();
          throw error;
        }),
      ),
    );
    const failed = settled.find((each) => each.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  };
}
