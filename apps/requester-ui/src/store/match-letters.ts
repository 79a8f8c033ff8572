// What set queries released, letter by letter, sealed by its holders: without our sealing key nobody reads it here.
import type { QueryId } from '@anonymesh/protocol';
import { whereAmong } from '@anonymesh/store';
import type { Knex } from 'knex';

export interface MatchLetter {
  query_id: QueryId;
  /** Its place, from 0, among so many. */
  letter: number;
  letters: number;
  /** By which the records of each holder open, as JSON. */
  sealing: string;
  /** base64url of packed slots. */
  slots: string;
  /** Milliseconds since 1970. */
  kept_until: number;
}

/** Returns whether it is new. */
export async function insertLetter(knex: Knex, letter: MatchLetter): Promise<boolean> {
  const inserted = await knex<MatchLetter>('match_letters').insert(letter).onConflict().ignore().returning('letter');
  return inserted.length === 1;
}

export async function countLetters(knex: Knex, id: QueryId): Promise<number> {
  const row = await knex<MatchLetter>('match_letters')
    .where({ query_id: id })
    .count<{ count: number | string }>({ count: '*' })
    .first();
  return Number(row?.count ?? 0);
}

export function lettersOfQuery(knex: Knex, id: QueryId): Promise<MatchLetter[]> {
  return knex<MatchLetter>('match_letters').where({ query_id: id }).orderBy('letter');
}

/** Of queries that ended without a release. */
export async function dropLetters(knex: Knex, ids: readonly QueryId[]): Promise<void> {
  if (ids.length > 0) await whereAmong(knex<MatchLetter>('match_letters'), 'query_id', ids).delete();
}
