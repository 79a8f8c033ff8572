// Does something again and again until it is closed, one round after the other; when a round fails, the next comes all
// the same.
import type { Closer } from './open-app.js';

export interface Rounds {
  readonly name: string;
  /** Milliseconds between rounds. */
  readonly interval: number;
  /** Milliseconds before the first one: as long as between rounds, unless told. */
  readonly first?: number;
  readonly round: () => Promise<void>;
  readonly failed: (error: unknown) => void;
}

export function goRounds({ name, interval, first = interval, round, failed }: Rounds): Closer {
  let closed = false;
  let running = Promise.resolve();
  const next = () => {
    running = round()
      .catch(failed)
      .finally(() => {
        if (!closed) timer = setTimeout(next, interval);
      });
  };
  let timer = setTimeout(next, first);
  return {
    name,
    close: async () => {
      closed = true;
      clearTimeout(timer);
      await running;
    },
  };
}
