// Follows a query to its end. A stream that breaks off is opened again: the query goes on without us, and its node may
// be started anew meanwhile.
import { setTimeout as wait } from 'node:timers/promises';
import { eventData } from '../calling/event-data.js';
import type { OpenNode } from '../calling/open-node.js';
import { No } from '../telling/no.js';
import { hasEnded, queryView, type QueryView } from './query-view.js';

export interface Patience {
  /** Milliseconds without a sign of life, of which a node gives one every 15 seconds. */
  readonly silence: number;
  /** Milliseconds before it tries again; longer each time. */
  readonly pause: number;
  /** How often in a row it may fail. */
  readonly tries: number;
}

const usual: Patience = { silence: 45_000, pause: 1_000, tries: 6 };

/** How the query stands, each time that changes; the last has ended. Throws where the node does not let us follow. */
export async function* watch(node: OpenNode, id: string, patience: Patience = usual): AsyncGenerator<QueryView> {
  let shown: string | undefined;
  let failed = 0;
  for (;;) {
    try {
      for await (const view of stream(node, id, patience.silence)) {
        failed = 0;
        const text = JSON.stringify(view);
        if (text !== shown) yield view;
        if (hasEnded(view)) return;
        shown = text;
      }
    } catch (cause) {
      if (!(cause instanceof No) || cause.kind !== 'unanswered' || failed + 1 >= patience.tries) throw cause;
    }
    failed += 1;
    if (failed >= patience.tries) throw new No('unanswered', 'the node ends the stream before the query has ended');
    await wait(Math.min(patience.pause * failed, 10_000));
  }
}

async function* stream(node: OpenNode, id: string, silence: number): AsyncGenerator<QueryView> {
  const silent = new AbortController();
  const timer = setTimeout(() => silent.abort(), silence);
  try {
    const { body } = await node.send('GET', `/api/v1/queries/${id}/events`, { signal: silent.signal });
    for await (const data of eventData(alive(body ?? [], timer))) yield viewIn(data, id);
  } catch (cause) {
    if (cause instanceof No) throw cause;
    throw new No('unanswered', 'the node broke the stream off', { cause });
  } finally {
    clearTimeout(timer);
    silent.abort();
  }
}

async function* alive(
  bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  timer: NodeJS.Timeout,
): AsyncGenerator<Uint8Array> {
  for await (const piece of bytes) {
    timer.refresh();
    yield piece;
  }
}

function viewIn(data: string, id: string): QueryView {
  let said: unknown;
  try {
    said = JSON.parse(data);
  } catch (cause) {
    throw new No('declined', 'the node sends what is no event of a query', { cause });
  }
  const read = queryView.safeParse(said);
  if (!read.success || read.data.queryId !== id)
    throw new No('declined', 'the node sends what is no event of this query');
  return read.data;
}
