// The same set query through a whole mesh on this machine: from the request of a case system to the outcome, with
// signatures, seals, durable streams and stores.
import { signInSocialWorker, type QueryView, type RunningMesh } from '@anonymesh/founding';
import { watchPeaks } from '../peak-memory.js';
import { prepareSample } from '../sample.js';
import { bytesTakenIn } from './bytes-taken-in.js';
import { dataOfEvents } from './events.js';
import { stageSeconds, type SeenEvent } from './stages.js';
import { withTwoHolders, type MeshOrder } from './two-holder-mesh.js';

export interface MeshMeasured {
  readonly seconds: number;
  /** By stage, where the event stream told of it. */
  readonly stages: Readonly<Record<string, number>>;
  /** What the broker received, by all parties, of everything that was sent for the query. */
  readonly bytes: number;
  /** MiB by process. */
  readonly peaks: ReadonlyMap<string, number>;
}

/** Rejects if the outcome is not `released`, with as many people as the sample's lists have in common. */
export async function meshQuery(asked: MeshOrder, profiles?: string): Promise<MeshMeasured> {
  const { common } = await prepareSample(asked.elements);
  return withTwoHolders(asked, profiles, async ({ mesh, monitoring, processes }) => {
    const before = await bytesTakenIn(monitoring);
    const watch = watchPeaks(processes);
    const { began, ended, seen, view } = await ask(mesh).finally(() => watch.stop());
    if (view.outcome !== 'released' || view.people !== common)
      throw new Error(`${view.outcome} (${view.code}) with ${view.people} people, not ${common}`);
    return {
      seconds: (ended - began) / 1000,
      stages: stageSeconds(seen, { began, ended }),
      bytes: (await bytesTakenIn(monitoring)) - before,
      peaks: await watch.stop(),
    };
  });
}

async function ask(mesh: RunningMesh) {
  const socialWorker = await signInSocialWorker(mesh);
  const request = { agreement: 'two-lists' };
  const began = performance.now();
  const { queryId } = (await socialWorker.call('POST', '/api/v1/queries', request)) as { queryId: string };
  const seen: SeenEvent[] = [];
  for (;;) {
    for await (const data of follow(mesh, queryId)) seen.push({ at: performance.now(), data });
    const last = seen.at(-1);
    const view = last?.data as QueryView | undefined;
    if (last !== undefined && view?.outcome !== undefined) return { began, ended: last.at, seen, view };
  }
}

/** A stream ends with the token that it was asked for with, too: signs in anew each time. */
async function* follow(mesh: RunningMesh, queryId: string): AsyncGenerator<unknown, void> {
  const { token } = await signInSocialWorker(mesh);
  const response = await fetch(`${mesh.url('childrens-services')}/api/v1/queries/${queryId}/events`, {
    headers: { authorization: `Bearer ${token}` },
  });
  if (!response.ok || response.body === null) throw new Error(`no events: ${response.status}`);
  yield* dataOfEvents(response.body);
}
