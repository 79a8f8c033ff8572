// Testimonies as they came, sealed to somebody else, until all of a query's have been handed over.
import { firstOfEach, gather } from '@anonymesh/courier';
import type { PartyId, QueryId } from '@anonymesh/protocol';
import type { Knex } from 'knex';
import type { Query } from './queries.js';

export interface TestimonyRow {
  readonly query_id: QueryId;
  readonly holder: PartyId;
  /** A JWE. */
  readonly sealed: string;
}

/** The first of a holder counts. Returns whether this was the first. */
export const insertTestimony = gather(async (transaction, rows: readonly TestimonyRow[]) => {
  const inserted = await transaction<TestimonyRow>('testimonies')
    .insert([...rows])
    .onConflict(['query_id', 'holder'])
    .ignore()
    .returning(['query_id', 'holder']);
  const keyOf = ({ query_id, holder }: Pick<TestimonyRow, 'query_id' | 'holder'>) => `${query_id} ${holder}`;
  return firstOfEach(rows.map(keyOf), inserted.map(keyOf));
});

export async function testimoniesOf(knex: Knex, id: QueryId): Promise<ReadonlyMap<PartyId, string>> {
  const rows = await knex<TestimonyRow>('testimonies').where({ query_id: id });
  return new Map(rows.map(({ holder, sealed }) => [holder, sealed]));
}

export interface Wanted {
  /** Hash of the agreement, and how many holders it has. */
  readonly agreement: string;
  readonly holders: number;
  /** Of queries that are over: they are kept until then at the longest. Milliseconds since 1970. */
  readonly keptUntil: number;
  /** Of queries that nobody is waited for any more. */
  readonly overdue: number;
  readonly except: readonly QueryId[];
}

/** Queries that can be receipted, the oldest first. */
export function queriesToReceipt(
  knex: Knex,
  { agreement, holders, keptUntil, overdue, except }: Wanted,
  limit: number,
): Promise<Query[]> {
  const testified = knex('testimonies').count('*').where('query_id', knex.ref('queries.id'));
  return knex<Query>('queries')
    .where({ agreement })
    .whereRaw('not receipted')
    .whereNot({ state: 'open' })
    .whereNotIn('id', except)
    .where('kept_until', '<=', keptUntil)
    .where(
      (either) => void either.where('kept_until', '<=', overdue).orWhere(knex.raw('?', [holders]), '<=', testified),
    )
    .orderBy('kept_until')
    .limit(limit);
}

/** Returns whether it had not been until now: another copy of this app may have. */
export async function markReceipted(transaction: Knex.Transaction, id: QueryId): Promise<boolean> {
  const unmarked = transaction('queries').where({ id }).whereRaw('not receipted');
  const marked = await unmarked.update({ receipted: true });
  await transaction<TestimonyRow>('testimonies').where({ query_id: id }).delete();
  return marked === 1;
}
