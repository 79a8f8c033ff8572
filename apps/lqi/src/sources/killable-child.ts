// The child's side of a killable: answers what it is asked, and ends with its parent.
import { inspect } from 'node:util';
import { Worker } from 'node:worker_threads';
import type { Report } from './killable.js';
import { SourceFault } from './source-fault.js';

/** `prepare` runs before the time limit begins to count, `answer` within it. */
export function answerAsKillable<Question, Answer>(
  prepare: (question: Question) => Promise<void>,
  answer: (question: Question) => Promise<Answer>,
): void {
  // A thread, for a parent that dies while a statement runs would otherwise leave it running for ever.
  new Worker(new URL('./parent-watch.js', import.meta.url)).unref();
  process.once('disconnect', () => process.exit());
  process.on('message', (question) => {
    void reply(question as Question, prepare, answer);
  });
}

async function reply<Question, Answer>(
  question: Question,
  prepare: (question: Question) => Promise<void>,
  answer: (question: Question) => Promise<Answer>,
): Promise<void> {
  const report = (content: Report<Answer>) => process.send?.(content);
  try {
    await prepare(question);
    report({ began: true });
    report({ answer: await answer(question) });
  } catch (error) {
    const fault = error instanceof SourceFault ? error.code : 'unavailable';
    report({ fault, text: inspect(error instanceof SourceFault ? error.cause : error) });
  }
}
