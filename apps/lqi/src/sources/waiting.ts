// How long a stream may wait for its database, all its batches together. What the reader takes between two batches is
// the reader's own time, and no reason to stop a database that is done as soon as it is asked.
import { SourceFault } from './source-fault.js';
import type { StreamLimits } from './source.js';
import { within } from './within.js';

export interface Waiting {
  /** Milliseconds, at least one: to some databases a limit of nothing is no limit. */
  readonly left: number;
  /**
   * Rejects with a SourceFault, and calls `abandon`: `timeout` when the time that is left is over, `unavailable` when it
   * is not wanted any more.
   */
  for<T>(work: () => Promise<T>, abandon: () => void | Promise<void>): Promise<T>;
}

export function limitWaiting({ milliseconds, signal }: Pick<StreamLimits, 'milliseconds' | 'signal'>): Waiting {
  let left = milliseconds;
  return {
    get left() {
      return Math.max(1, Math.ceil(left));
    },
    for: async (work, abandon) => {
      if (left <= 0) throw new SourceFault('timeout');
      const began = performance.now();
      try {
        return await within(left, work, abandon, signal);
      } finally {
        left -= performance.now() - began;
      }
    },
  };
}
