// Erases on time: what a party keeps longer than was agreed is a leak that only waits. Each app says what, the courier
// adds its own record of handled letters, which outlives every stream, and letters that nobody took.
import { goRounds, type Closer, type Log } from '@anonymesh/runtime';
import { eraseSaltsBefore } from '@anonymesh/evidence';
import { longestKept } from '@anonymesh/protocol';
import type { Store } from '@anonymesh/store';
import type { Knex } from 'knex';

/** Deletes what may be kept no longer than `now`, milliseconds since 1970. Resolves to how many rows. */
export type Erase = (knex: Knex, now: number) => Promise<number>;

const hour = 3_600_000;
/** Twice as long as any stream keeps a letter. */
const handledKept = 30 * 24 * hour;

/** Longer than any agreement keeps a query: entries about none, or about a refused one, can then be opened no more. */
const saltsKept = 4000 * 24 * hour;

const eraseHandled: Erase = (knex, now) =>
  knex('handled')
    .where('handled_at', '<', now - handledKept)
    .delete();

/** Letters that the broker did not take, to a party that has left, say: by now whoever got one would refuse it. */
const eraseStale: Erase = async (knex, now) => {
  // Version 0.1 wrote them down without a time: theirs begins now.
  await knex('outbox').where({ not_before: 0 }).update({ not_before: now });
  return knex('outbox')
    .where('not_before', '<', now - longestKept)
    .delete();
};

/** Erases now and every hour, until it is closed. */
export function eraseOnTime(store: Store, log: Log, erase: Erase): Closer {
  const round = async () => {
    const now = Date.now();
    const rows = (await erase(store.knex, now)) + (await eraseHandled(store.knex, now));
    const stale = await eraseStale(store.knex, now);
    if (stale > 0) log.warn('outbox.erased', { rows: stale });
    await eraseSaltsBefore(store.knex, now - saltsKept);
    if (rows > 0) log.info('store.erased', { rows });
  };
  const failed = (error: unknown) => log.fault('store.not-erased', error);
  return goRounds({ name: 'erasing', interval: hour, first: 0, round, failed });
}
