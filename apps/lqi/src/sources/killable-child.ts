// The child's side of a killable: reads what it is asked for, as far as it is asked, and ends with its parent.
import { inspect } from 'node:util';
import { Worker } from 'node:worker_threads';
import type { Report, Request } from './killable-process.js';
import { packRows } from './packed-rows.js';
import { SourceFault } from './source-fault.js';
import type { Limits, Row } from './source.js';

type Rows = Generator<Row, void> | AsyncGenerator<Row, void>;

/** `prepare` runs before the time limit begins to count, `read` within it, and no further than rows are wanted. */
export function answerAsKillable<Question extends Pick<Limits, 'rows'>>(
  prepare: (question: Question) => Promise<void>,
  read: (question: Question) => Rows,
): void {
  // A thread, for a parent that dies while a statement runs would otherwise leave it running for ever.
  new Worker(new URL('./parent-watch.js', import.meta.url)).unref();
  process.once('disconnect', () => process.exit());
  const report = (content: Report) => process.send?.(content);
  let next: (() => Promise<Report>) | undefined;
  const reply = async (request: Request<Question>) => {
    try {
      if ('question' in request) {
        await prepare(request.question);
        next = batches(read(request.question), request.question.rows, request.atOnce);
      }
      report({ began: true });
      if (next === undefined) throw new SourceFault('unavailable', new Error('nothing was asked'));
      report(await next());
    } catch (error) {
      const fault = error instanceof SourceFault ? error.code : 'unavailable';
      report({ fault, text: inspect(error instanceof SourceFault ? error.cause : error) });
    }
  };
  process.on('message', (request) => void reply(request as Request<Question>));
}

/** Each call reads the next `atOnce` rows. */
function batches(answer: Rows, limit: number, atOnce: number): () => Promise<Report> {
  let read = 0;
  return async () => {
    const rows: Row[] = [];
    while (rows.length < atOnce) {
      const next: IteratorResult<Row, void> = await answer.next();
      if (next.done === true) return { rows: packRows(rows), ended: true };
      if (++read > limit) {
        await answer.return();
        throw new SourceFault('too-many-rows');
      }
      rows.push(next.value);
    }
    return { rows: packRows(rows), ended: false };
  };
}
