// Does something again and again until it is closed, one round after the other; when a round fails, the next comes all
// the same.
import type { Closer } from './open-app.js';

export interface Going {
  readonly name: string;
  /** Milliseconds from the end of a round to the next. */
  readonly interval: number;
  /** Milliseconds before the first one: as long as between rounds, unless told. */
  readonly first?: number;
  readonly round: () => Promise<void>;
  readonly failed: (error: unknown) => void;
}

export interface Rounds extends Closer {
  /** Goes round now; once more after the round that is under way, which may have looked too early. */
  wake(): void;
}

/** Closing waits for the round that is under way, and none follows it. */
export function goRounds({ name, interval, first = interval, round, failed }: Going): Rounds {
  let closed = false;
  let again = false;
  let running: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  const plan = (milliseconds: number) => {
    clearTimeout(timer);
    if (!closed) timer = setTimeout(go, milliseconds);
  };
  const go = () => {
    again = false;
    running = round()
      .catch(failed)
      .finally(() => {
        running = undefined;
        plan(again ? 0 : interval);
      });
  };
  plan(first);
  return {
    name,
    wake: () => {
      if (running === undefined) plan(0);
      else again = true;
    },
    close: async () => {
      closed = true;
      clearTimeout(timer);
      await running;
    },
  };
}
