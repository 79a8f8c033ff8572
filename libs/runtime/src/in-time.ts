// People do not wait for a store or a database that does not answer: they are told so instead.
import { setTimeout } from 'node:timers/promises';

/** Milliseconds for which somebody waits for a page. */
const patience = 4000;

/** What the work gives; rejects where that takes longer than so many milliseconds, though the work may go on. */
export async function inTime<Result>(work: PromiseLike<Result>, milliseconds = patience): Promise<Result> {
  const over = new AbortController();
  const late = setTimeout(milliseconds, undefined, { signal: over.signal, ref: false }).then(() => {
    throw new TooLate('no answer in time');
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    over.abort();
    late.catch(() => undefined);
  }
}

class TooLate extends Error {
  override readonly name = 'TooLate';
}
