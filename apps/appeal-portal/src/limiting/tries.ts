// Counts what somebody did, in the store, so that neither a restart nor a second copy of the portal begins anew. A try is
// written down before it is made: a hundred at once are a hundred.
import type { Store } from '@anonymesh/store';
import type { Knex } from 'knex';
import { day } from '../store/tables.js';
import { againAt, type Allowance } from './allowance.js';

export interface Try {
  /** It is not to be counted after all. */
  forget(): Promise<void>;
}

export interface Barred {
  /** Milliseconds since 1970. */
  readonly againAt: number;
}

export interface Counted {
  readonly whose: string;
  readonly allowance: Allowance;
}

/** Writes the try down under each, or under none where one of them is barred: whoever waits is let in again. */
export async function countTry(
  store: Store,
  counted: readonly Counted[],
  now: number = Date.now(),
): Promise<Try | Barred> {
  const written = await store.knex.transaction(async (transaction) => {
    for (const { whose, allowance } of counted) {
      await alone(store, transaction, whose);
      const barred = againAt(await earlier(transaction, whose, allowance, now), allowance, now);
      if (barred !== undefined) return { againAt: barred };
    }
    const rows = counted.map(({ whose }) => ({ whose, at: now }));
    return transaction('tries').insert(rows).returning<{ id: number }[]>('id');
  });
  if (!Array.isArray(written)) return written;
  const ids = written.map(({ id }) => id);
  return { forget: async () => void (await store.knex('tries').whereIn('id', ids).delete()) };
}

/** Two tries at the same time must not both be the last that is allowed. An embedded transaction is alone anyway. */
async function alone({ kind }: Store, transaction: Knex.Transaction, whose: string): Promise<void> {
  if (kind === 'postgres') await transaction.raw('select pg_advisory_xact_lock(hashtext(?))', [whose]);
}

function earlier(transaction: Knex.Transaction, whose: string, { perDay }: Allowance, now: number): Promise<number[]> {
  return transaction('tries')
    .where({ whose })
    .where('at', '>', now - day)
    .orderBy('at', 'desc')
    .limit(perDay)
    .pluck('at');
}
