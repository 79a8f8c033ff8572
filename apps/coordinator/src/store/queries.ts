// Queries as the coordinator keeps them: who asked under which agreement, and what it relays without reading.
import { firstOfEach, gather } from '@anonymesh/courier';
import { eraseSalts } from '@anonymesh/evidence';
import type { QueryId } from '@anonymesh/protocol';
import { eraseUses } from '@anonymesh/store';
import type { Knex } from 'knex';

export interface Query {
  id: QueryId;
  /** As signed by the requester. */
  manifest: string;
  /** Sealed twice: not for us. A set query has none, and no lookup id. */
  slip: string | null;
  lookup_id: string | null;
  requester: string;
  agreement: string;
  /** `retracting`: taken back, and how it ended has not come yet. `retracted`: it has, and we cannot read it. */
  state: 'open' | 'decided' | 'retracting' | 'retracted';
  /** Milliseconds since 1970, as `kept_until`. */
  deadline: number;
  kept_until: number;
}

/** `again`: this very query is here already. `taken`: another one has its lookup id. */
export const insertQuery = gather(async (knex, queries: readonly Query[]): Promise<('new' | 'again' | 'taken')[]> => {
  const ids = queries.map(({ id }) => id);
  const inserted = await knex<Query>('queries')
    .insert([...queries])
    .onConflict()
    .ignore()
    .returning('id');
  const isNew = firstOfEach(
    ids,
    inserted.map(({ id }) => id),
  );
  if (!isNew.includes(false)) return ids.map(() => 'new');
  const known = new Set<string>(await knex<Query>('queries').whereIn('id', ids).pluck('id'));
  return ids.map((id, index) => (isNew[index] === true ? 'new' : known.has(id) ? 'again' : 'taken'));
});

export const findQuery = gather(async (knex, ids: readonly QueryId[]) => {
  const found: Query[] = await knex<Query>('queries').whereIn('id', ids);
  const byId = new Map(found.map((query) => [query.id, query]));
  return ids.map((id) => byId.get(id));
});

export function findByLookupId(knex: Knex, lookupId: string): Promise<Query | undefined> {
  return knex<Query>('queries').where({ lookup_id: lookupId }).first();
}

/** Returns whether it had not ended until now. */
export const markDecided = gather(async (knex, ids: readonly QueryId[]) => {
  const end = (from: Query['state'], to: Query['state']) =>
    knex<Query>('queries').whereIn('id', ids).where({ state: from }).update({ state: to }).returning('id');
  const decided = await end('open', 'decided');
  const retracted = decided.length === ids.length ? [] : await end('retracting', 'retracted');
  return firstOfEach(
    ids,
    [...decided, ...retracted].map(({ id }) => id),
  );
});

/** Returns whether it was open until now. */
export async function markRetracting(knex: Knex, id: QueryId): Promise<boolean> {
  return (await knex<Query>('queries').where({ id, state: 'open' }).update({ state: 'retracting' })) === 1;
}

/** What the log says of them stays, and can be opened no more. */
export async function eraseExpired(knex: Knex, now: number): Promise<number> {
  const expired = () => knex<Query>('queries').where('kept_until', '<=', now);
  await eraseSalts(knex, expired().select('id'));
  return (await expired().delete()) + (await eraseUses(knex, now));
}
