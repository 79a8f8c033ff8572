// The events of one query: how it stands now, every change, and the end. For the caseworker who asked.
import type { QueryId } from '@anonymesh/protocol';
import type { ServerEvent } from '@anonymesh/web';
import type { Changes } from './changes.js';
import { hasEnded, type QueryView } from './view.js';

/** Another copy of this app may have written a change: it is seen within this time, in milliseconds. */
const lookAgain = 2_000;

/** Ends after `outcome`, which also stands for a refusal, or when the query is erased. */
export async function* follow(
  id: QueryId,
  read: () => Promise<QueryView | undefined>,
  changes: Changes,
  signal: AbortSignal,
): AsyncGenerator<ServerEvent & { readonly data: QueryView }> {
  let shown: string | undefined;
  while (!signal.aborted) {
    // Listens before it reads: a change in between is not missed.
    const changed = changes.next(id, lookAgain, signal);
    const view = await read();
    if (view === undefined) return;
    const ended = hasEnded(view);
    const eventId = idOf(view);
    if (eventId !== shown) yield { id: eventId, event: ended ? 'outcome' : 'progress', data: view };
    if (ended) return;
    shown = eventId;
    await changed;
  }
}

/** Another id, another event: it names all of a view that changes. */
function idOf({ state, answered, progress }: QueryView): string {
  return [state, answered, ...(progress === undefined ? [] : [progress.stage, progress.percent])].join('-');
}
