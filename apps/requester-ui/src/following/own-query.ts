// A query by the id in an address, for the caseworker who asked it. To anybody else it does not exist.
import { queryId } from '@anonymesh/protocol';
import type { Store } from '@anonymesh/store';
import { Problem } from '@anonymesh/web';
import { findQueryOf, type Query } from '../store/queries.js';

/** Throws the problem `not-found`. */
export async function ownQuery({ knex }: Store, asker: string, id: string): Promise<Query> {
  const query = queryId.safeParse(id).success ? await findQueryOf(knex, asker, id) : undefined;
  if (query === undefined) throw Problem.of('not-found');
  return query;
}
