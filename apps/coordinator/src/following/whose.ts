// Whose query a message is about, and whether its sender has a part in it: a relay only between the query's own parties.
import { Refusal, type Opened } from '@anonymesh/protocol';
import type { StoreNode, Work } from '@anonymesh/courier';
import { findQuery, type Query } from '../store/queries.js';

/** The query that the letter names. Refuses one that is unknown, or whose agreement does not name the sender. */
export async function queryOf(letter: Opened, { trust }: StoreNode, work: Work): Promise<Query> {
  const query = letter.queryId === undefined ? undefined : await findQuery(work.transaction, letter.queryId);
  if (query === undefined) throw new Refusal('not-found');
  if (trust.agreements.get(query.agreement)?.isParty(letter.from) !== true) throw new Refusal('key-not-pinned');
  return query;
}
