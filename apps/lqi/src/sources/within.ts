// The limit behind the limit: databases stop a statement themselves, but one that is cut off cannot say so, and MySQL's
// sleep() answers as if nothing had happened.
import { SourceFault } from './source-fault.js';

const grace = 500;

/** Runs `work`, and gives it up, by `abandon`, half a second after its time limit. What comes after the limit is not believed. */
export async function within<T>(
  milliseconds: number,
  work: () => Promise<T>,
  abandon: () => void | Promise<void>,
): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(new SourceFault('timeout'));
    void abandon();
  }, milliseconds + grace);
  const began = performance.now();
  try {
    const done = await Promise.race([work(), late]);
    if (performance.now() - began >= milliseconds) throw new SourceFault('timeout');
    return done;
  } finally {
    clearTimeout(timer);
  }
}
