// Keeps a node's agreements alive, round after round: each is said to be in force at start and well before the last word
// runs out.
import { goRounds, type Closer } from '@anonymesh/runtime';
import { openRounds, type KeepingStanding, type StandingKeeper } from './standing-round.js';

/** Milliseconds between two looks at the folder and at the store. */
const lookEvery = 1000;

export function keepStanding(keeper: StandingKeeper, keeping: KeepingStanding): Closer {
  return goRounds({
    name: 'standing',
    interval: Math.min(lookEvery, keeping.renewEvery),
    first: 0,
    round: openRounds(keeper, keeping),
    failed: (error) => keeper.log.fault('standing.not-kept', error),
  });
}
