// Queries as the coordinator keeps them: who asked under which agreement, and what it relays without reading.
import type { QueryId } from '@anonymesh/protocol';
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
  state: 'open' | 'decided';
  /** Milliseconds since 1970, as `kept_until`. */
  deadline: number;
  kept_until: number;
}

/** `again`: this very query is here already. `taken`: another one has its lookup id. */
export async function insertQuery(knex: Knex, query: Query): Promise<'new' | 'again' | 'taken'> {
  const [inserted] = await knex<Query>('queries').insert(query).onConflict().ignore().returning('id');
  if (inserted !== undefined) return 'new';
  const known = await knex<Query>('queries').where({ id: query.id }).first('id');
  return known === undefined ? 'taken' : 'again';
}

export function findQuery(knex: Knex, id: QueryId): Promise<Query | undefined> {
  return knex<Query>('queries').where({ id }).first();
}

export function findByLookupId(knex: Knex, lookupId: string): Promise<Query | undefined> {
  return knex<Query>('queries').where({ lookup_id: lookupId }).first();
}

/** Returns whether it was open until now. */
export async function markDecided(knex: Knex, id: QueryId): Promise<boolean> {
  return (await knex<Query>('queries').where({ id, state: 'open' }).update({ state: 'decided' })) === 1;
}

export function eraseExpired(knex: Knex, now: number): Promise<number> {
  return knex<Query>('queries').where('kept_until', '<=', now).delete();
}
