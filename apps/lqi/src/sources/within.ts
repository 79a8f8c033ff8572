// The limit behind the limit: databases stop a statement themselves, but one that is cut off cannot say so, and MySQL's
// sleep() answers as if nothing had happened.
import { SourceFault } from './source-fault.js';

const grace = 500;

/**
 * Runs `work`, and gives it up, by `abandon`, half a second after its time limit, or as soon as nobody wants it any
 * more. What comes after the limit is not believed.
 */
export async function within<T>(
  milliseconds: number,
  work: () => Promise<T>,
  abandon: () => void | Promise<void>,
  signal?: AbortSignal,
): Promise<T> {
  if (signal?.aborted === true) throw new SourceFault('unavailable', signal.reason);
  const { promise: givenUp, reject } = Promise.withResolvers<never>();
  const giveUp = (fault: SourceFault) => {
    reject(fault);
    void abandon();
  };
  const timer = setTimeout(() => giveUp(new SourceFault('timeout')), milliseconds + grace);
  const unwanted = () => giveUp(new SourceFault('unavailable', signal?.reason));
  signal?.addEventListener('abort', unwanted);
  const began = performance.now();
  try {
    const done = await Promise.race([work(), givenUp]);
    if (performance.now() - began >= milliseconds) throw new SourceFault('timeout');
    return done;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', unwanted);
  }
}
