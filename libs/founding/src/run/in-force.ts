// Waits until the nodes of a mesh that was just started have told each other that their agreements are in force.
import { setTimeout as wait } from 'node:timers/promises';

/** Milliseconds. What waits for longer waits for somebody who is not there, and is somebody else's to find out. */
const patience = 10_000;

/** Resolves when at none of these nodes, by where they are monitored, an agreement waits, or after a while. */
export async function untilInForce(urls: readonly string[]): Promise<void> {
  const deadline = Date.now() + patience;
  let waiting = urls;
  while (waiting.length > 0 && Date.now() < deadline) {
    const waits = await Promise.all(waiting.map((url) => isWaiting(url).catch(() => true)));
    waiting = waiting.filter((_, index) => waits[index]);
    if (waiting.length > 0) await wait(50);
  }
}

async function isWaiting(url: string): Promise<boolean> {
  const response = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(2000) });
  const counted = /^anonymesh_agreements\{standing="waiting"\} (\d+)$/m.exec(await response.text());
  return counted !== null && counted[1] !== '0';
}
