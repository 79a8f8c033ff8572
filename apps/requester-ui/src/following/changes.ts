// Tells, within this process, that a query has changed, so that whoever follows it looks again at once. Other copies of
// the app find out by looking now and then.
import { EventEmitter, once } from 'node:events';
import type { QueryId } from '@anonymesh/protocol';

/** The token under which main provides it to Nest. */
export const CHANGES = Symbol('changes');

export class Changes {
  readonly #emitter = new EventEmitter().setMaxListeners(0);

  publish(id: QueryId): void {
    this.#emitter.emit(id);
  }

  /** Resolves at the query's next change, after so many milliseconds, or when the signal aborts. */
  async next(id: QueryId, atMost: number, signal: AbortSignal): Promise<void> {
    const over = AbortSignal.any([signal, AbortSignal.timeout(atMost)]);
    try {
      await once(this.#emitter, id, { signal: over });
    } catch (error) {
      if (!over.aborted) throw error;
    }
  }
}
