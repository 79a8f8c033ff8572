// The page in place of one whose rows cannot be read: says what is down, what that means, and where to look.
import { inTime, type Log } from '@anonymesh/runtime';
import type { Visit } from '@anonymesh/web';

/** What was read, or undefined after telling the visitor that the node's own store does not answer. */
export async function readOrSayDown<Result>(
  visit: Visit,
  log: Log,
  title: string,
  read: () => Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await inTime(read());
  } catch (fault) {
    log.fault('console.store-down', fault);
    visit.show('console/store-down.njk', { title }, 503);
    return undefined;
  }
}
