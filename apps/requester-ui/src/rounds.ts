// Rounds: what must be done now and then whether or not anybody calls, such as asking again and ending what is overdue.
// Everything due is found in the store, so that it is also done after a restart, or by another copy of the app.
import { goRounds, loggable, type Log, type Rounds } from '@anonymesh/runtime';

/** The token under which main provides the rounds of asking to Nest. */
export const ROUNDS = Symbol('rounds');

/** Does the task at once, and again so many milliseconds after it was done. */
export function startRounds(
  name: string,
  round: () => Promise<void>,
  { log, every = 1_000 }: { readonly log: Log; readonly every?: number },
): Rounds {
  const failed = (error: unknown) => log.fault('round.failed', error, { round: loggable.code(name) });
  return goRounds({ name, interval: every, first: 0, round, failed });
}
