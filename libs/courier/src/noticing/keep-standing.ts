// Keeps a node's agreements alive, round after round: each is said to be in force at start and well before the last word
// runs out.
import type { Closer } from '@anonymesh/runtime';
import { openRounds, type KeepingStanding, type StandingKeeper } from './standing-round.js';

/** Milliseconds between two looks at the folder and at the store. */
const lookEvery = 1000;

export function keepStanding(keeper: StandingKeeper, keeping: KeepingStanding): Closer {
  const round = openRounds(keeper, keeping);
  let closed = false;

  const next = () => {
    running = round()
      .catch((error: unknown) => keeper.log.fault('standing.not-kept', error))
      .finally(() => {
        if (!closed) timer = setTimeout(next, Math.min(lookEvery, keeping.renewEvery));
      });
  };
  let running = Promise.resolve();
  let timer = setTimeout(next, 0);

  return {
    name: 'standing',
    close: async () => {
      closed = true;
      clearTimeout(timer);
      await running;
    },
  };
}
