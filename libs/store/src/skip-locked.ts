// Lets several copies of an app take different rows from one table: each claims rows that no other transaction holds.
import type { Knex } from 'knex';

/**
 * Adds `for update skip locked` on PostgreSQL. On an embedded store it changes nothing: there a transaction has the whole
 * file to itself. Use inside a transaction.
 */
export function skipLocked<Record extends object, Result>(
  query: Knex.QueryBuilder<Record, Result>,
): Knex.QueryBuilder<Record, Result> {
  if (query.client.dialect !== 'postgresql') return query;
  return query.forUpdate().skipLocked();
}
