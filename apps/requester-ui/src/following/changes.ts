// Tells, within this process, that a query has changed, so that whoever follows it looks again at once. Other copies of
// the app find out by looking now and then.
import { EventEmitter } from 'node:events';
import type { QueryId } from '@anonymesh/protocol';

/** The token under which main provides it to Nest. */
export const CHANGES = Symbol('changes');

export class Changes {
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
