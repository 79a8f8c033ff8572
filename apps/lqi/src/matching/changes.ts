// Wakes what waits for something new about a query: a chunk that came, a decision, its end. Nothing is lost in between:
// who has seen an older state is woken at once.
import { setTimeout as wait } from 'node:timers/promises';

export interface Changes {
  /** Something is new. */
  announce(): void;
  /** What is to be given to `after`, read before one looks. */
  seen(): number;
  /** Resolves when something is new since then, or after so many milliseconds: other processes cannot announce here. */
  after(seen: number, milliseconds: number): Promise<void>;
}

export function openChanges(): Changes {
  let version = 0;
  let waiting: (() => void)[] = [];
  return {
    announce: () => {
      version += 1;
      const woken = waiting;
      waiting = [];
      for (const wake of woken) wake();
    },
    seen: () => version,
    after: async (seen, milliseconds) => {
      if (seen !== version) return;
      const late = new AbortController();
      const changed = new Promise<void>((resolve) => waiting.push(resolve));
      await Promise.race([changed, wait(milliseconds, undefined, { signal: late.signal, ref: false })]);
      late.abort();
    },
  };
}
