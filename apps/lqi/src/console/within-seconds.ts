// Pages do not wait for a store or a database that does not answer: people are told so instead.
import { setTimeout } from 'node:timers/promises';

const longest = 4000;

/** What the work gives; rejects where that takes too long, though the work may go on. */
export async function withinSeconds<Result>(work: Promise<Result>): Promise<Result> {
  const over = new AbortController();
  const late = setTimeout(longest, undefined, { signal: over.signal, ref: false }).then(() => {
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
