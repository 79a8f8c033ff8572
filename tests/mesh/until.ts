// Waits for something that will be so, without knowing when.
import { setTimeout as wait } from 'node:timers/promises';

/** The first result that is not undefined or false; rejects, saying what was waited for, after so many seconds. */
export async function until<Result>(
  what: string,
  look: () => Promise<Result | undefined | false> | Result | undefined | false,
  seconds = 30,
): Promise<Result> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`after ${seconds} s still not: ${what}`);
    await wait(50);
  }
}
