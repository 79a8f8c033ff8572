// Rounds: what must be done now and then whether or not anybody calls, such as asking again and ending what is overdue.
// Everything due is found in the store, so that it is also done after a restart, or by another copy of the app.
import { loggable, type Closer, type Log } from '@anonymesh/runtime';

/** The token under which main provides the rounds of asking to Nest. */
export const ROUNDS = Symbol('rounds');

export interface Rounds extends Closer {
  /** Goes round now, or once more if it is under way. */
  wake(): void;
}

/** Does the task at once and then every so many milliseconds, never twice at a time. */
export function startRounds(
  name: string,
  task: () => Promise<unknown>,
  { log, every = 1_000 }: { readonly log: Log; readonly every?: number },
): Rounds {
  let running: Promise<void> | undefined;
  let again = false;
  let closed = false;

  const goRound = async () => {
    try {
      await task();
    } catch (error) {
      log.fault('round.failed', error, { round: loggable.code(name) });
    }
  };
  const wake = () => {
    again = running !== undefined;
    if (closed || running !== undefined) return;
    running = goRound().finally(() => {
      running = undefined;
      if (again) wake();
    });
  };
  wake();
  const timer = setInterval(wake, every);
  return {
    name,
    wake,
    close: async () => {
      closed = true;
      clearInterval(timer);
      await running;
    },
  };
}
