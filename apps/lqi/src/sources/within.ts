// The limit behind the limit: databases stop a statement themselves, but one that is cut off cannot say so.
import { SourceFault } from './source-fault.js';

const grace = 500;

/** Runs `work`, and gives it up, by `abandon`, half a second after its time limit. */
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
  try {
    return await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}
