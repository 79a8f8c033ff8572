// Tells, within this process, that a query has changed, so that whoever follows it looks again at once. Other copies of
// the app find out by looking now and then.
import { EventEmitter } from 'node:events';
import type { QueryId } from '@anonymesh/protocol';
import { AtOnce } from './at-once.js';

/** The token under which main provides it to Nest. */
export const CHANGES = Symbol('changes');

/** Each looks into the store every two seconds, so that a page that is open in many windows is one thing, a script another. */
const mostAtOnce = 10;

export class Changes {
  /** The streams of each caseworker that follow queries. */
  readonly streams = new AtOnce(mostAtOnce);
  readonly #emitter = new EventEmitter().setMaxListeners(0);

  publish(id: QueryId): void {
    this.#emitter.emit(id);
  }

  /** Resolves at the query's next change, after so many milliseconds, or when the signal aborts. */
  next(id: QueryId, atMost: number, signal: AbortSignal): Promise<void> {
    // Not by signals that abort: each makes an error with its stack, for every query that somebody follows.
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.#emitter.off(id, end);
        signal.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, atMost);
      this.#emitter.on(id, end);
      signal.addEventListener('abort', end);
      if (signal.aborted) end();
    });
  }
}
