// Work that nobody waits for, done in small portions: it takes a tenth of this process's time at most, so that what
// somebody waits for is hardly ever behind it.
import { setTimeout as wait } from 'node:timers/promises';
import type { Closer } from './open-app.js';

export interface Leisure {
  readonly name: string;
  /** Milliseconds between looks when there is nothing to do. */
  readonly every: number;
  /** Does a portion. Resolves to whether there may be more. */
  readonly portion: () => Promise<boolean>;
  readonly failed: (error: unknown) => void;
}

/** So many times as long as a portion took there is none. */
const rest = 9;

/** Goes on until it is closed; when a portion fails, the next comes all the same. */
export function atLeisure({ name, every, portion, failed }: Leisure): Closer {
  const closing = new AbortController();
  const go = async () => {
    while (!closing.signal.aborted) {
      const began = performance.now();
      const more = await portion().catch((error: unknown) => {
        failed(error);
        return false;
      });
      const took = performance.now() - began;
      const pause = more ? took * rest : Math.max(every, took * rest);
      await wait(pause, undefined, { signal: closing.signal }).catch(() => undefined);
    }
  };
  const going = go();
  return {
    name,
    close: async () => {
      closing.abort();
      await going;
    },
  };
}
