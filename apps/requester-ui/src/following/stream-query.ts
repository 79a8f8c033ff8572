// Streams a query's events to one caseworker, for as long as they are signed in. A query that is not there, or not
// theirs, is no stream.
import { queryId } from '@anonymesh/protocol';
import type { Store } from '@anonymesh/store';
import { Problem, streamEvents, type EventStream } from '@anonymesh/web';
import { findQueryOf, type Query } from '../store/queries.js';
import type { Changes } from './changes.js';
import { follow } from './follow.js';
import { viewOf, type QueryView } from './view.js';

export interface Follower {
  readonly request: EventStream['request'];
  readonly reply: EventStream['reply'];
  /** The caseworker. */
  readonly asker: string;
  readonly isSignedIn: () => boolean | Promise<boolean>;
  /** What is sent of a query; the API's view unless told. */
  readonly tell?: (view: QueryView, query: Query) => unknown;
}

/** Throws the problem `too-many-requests` where the caseworker has too many of them open. */
export async function streamQuery(id: string, store: Store, changes: Changes, follower: Follower): Promise<void> {
  const end = changes.streams.begin(follower.asker);
  if (end === undefined) throw Problem.of('too-many-requests', { retryAfter: 5 });
  try {
    await stream(id, store, changes, follower);
  } finally {
    end();
  }
}

async function stream(id: string, { knex }: Store, changes: Changes, follower: Follower): Promise<void> {
  const { request, reply, asker, isSignedIn, tell = (view: QueryView) => view } = follower;
  if (!queryId.safeParse(id).success) throw Problem.of('not-found');
  let query: Query | undefined;
  const read = async () => {
    const [found, isStillIn] = await Promise.all([findQueryOf(knex, asker, id), isSignedIn()]);
    query = isStillIn ? found : undefined;
    return query === undefined ? undefined : viewOf(query, Date.now());
  };
  const over = new AbortController();
  const all = follow(id, read, changes, over.signal);
  const first = await all.next();
  if (first.done === true) throw Problem.of('not-found');
  const events: EventStream['events'] = async function* (_lastSeen, signal) {
    signal.addEventListener('abort', () => over.abort(), { once: true });
    if (signal.aborted) over.abort();
    for await (const event of startingWith(first.value, all))
      yield { ...event, data: query === undefined ? event.data : tell(event.data, query) };
  };
  await streamEvents({ request, reply, events });
}

async function* startingWith<Event>(first: Event, rest: AsyncIterable<Event>): AsyncGenerator<Event> {
  yield first;
  yield* rest;
}
