// Which queries are to be asked (again) now. Taking one puts off its next turn, so that several copies of this app do
// not ask at once, and so that what a killed process had taken is taken up again.
import { skipLocked, type Store } from '@anonymesh/store';
import { type Query } from './queries.js';

/** Longer than a request to the coordinator takes until it is given up, in milliseconds. */
export const turn = 10_000;
const slowest = 60_000;

export async function takeDue(store: Store, now: number, limit: number): Promise<Query[]> {
  return store.knex.transaction(async (transaction) => {
    const due = transaction<Query>('queries').where({ state: 'asking' }).where('ask_at', '<=', now);
    const taken: Query[] = await skipLocked(due.orderBy('ask_at').limit(limit));
    const attempts = transaction.raw('attempts + 1');
    if (taken.length > 0) {
      const ids = taken.map(({ id }) => id);
      await transaction<Query>('queries')
        .whereIn('id', ids)
        .update({ ask_at: now + turn, attempts });
    }
    return taken;
  });
}

/** Puts off the next asking: a second, two, four, up to a minute. */
export async function putOff({ knex }: Store, { id, attempts }: Query, now: number): Promise<void> {
  const wait = Math.min(slowest, 1000 * 2 ** Math.min(attempts, 10));
  await knex<Query>('queries')
    .where({ id, state: 'asking' })
    .update({ ask_at: now + wait });
}
