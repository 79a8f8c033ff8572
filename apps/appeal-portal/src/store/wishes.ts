// Which query a wish for a re-check has been sent about: one wish a query, so that a subject, or whoever has taken over an
// account, cannot have the requester ask without end.
import type { QueryId } from '@anonymesh/protocol';
import type { Knex } from 'knex';
import { day } from './tables.js';

/** A requester that has not asked anew within this time, in milliseconds, will not: the wish may be sent again. */
const answeredWithin = day;

/** Whether there was none that is still waiting; two at the same time are one. */
export async function noteWish(transaction: Knex.Transaction, queryId: QueryId, now: number): Promise<boolean> {
  const noted = await transaction('wishes')
    .insert({ query_id: queryId, at: now })
    .onConflict('query_id')
    .merge({ at: now })
    .where('wishes.at', '<=', now - answeredWithin)
    .returning('query_id');
  return noted.length > 0;
}

export async function isWished(knex: Knex, queryId: QueryId, now: number): Promise<boolean> {
  const found: unknown = await knex('wishes')
    .where({ query_id: queryId })
    .where('at', '>', now - answeredWithin)
    .first('at');
  return found !== undefined;
}
