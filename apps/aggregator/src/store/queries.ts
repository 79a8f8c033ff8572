// Queries that answers are expected to.
import type { QueryId } from '@anonymesh/protocol';
import type { Knex } from 'knex';

export interface Query {
  id: QueryId;
  kind: 'check' | 'set';
  agreement: string;
  nonce: string;
  requester: string;
  expected_at: number;
  /** When answers are due; milliseconds since 1970, as `expected_at`. */
  due: number;
  kept_until: number;
  state: 'open' | 'decided';
  /** How many words were there when the requester was last told of progress. */
  heard: number;
  /** The outcome's letter, as signed. */
  outcome: string | null;
}

/** Returns whether it is new. */
export async function insertQuery(transaction: Knex.Transaction, query: Query): Promise<boolean> {
  const inserted = await transaction<Query>('queries').insert(query).onConflict('id').ignore().returning('id');
  lockedBy(transaction).delete(query.id);
  return inserted.length > 0;
}

export function findQuery(knex: Knex, id: QueryId): Promise<Query | undefined> {
  return knex<Query>('queries').where({ id }).first();
}

/**
 * The query, locked until the transaction ends: two copies of this app must not decide it apart. Asked once for each
 * transaction, since a batch often has several holders' words on one query.
 */
export async function lockQuery(transaction: Knex.Transaction, id: QueryId): Promise<Query | undefined> {
  const locked = lockedBy(transaction);
  if (!locked.has(id)) locked.set(id, await transaction<Query>('queries').where({ id }).forUpdate().first());
  return locked.get(id);
}

const locks = new WeakMap<Knex.Transaction, Map<QueryId, Query | undefined>>();

function lockedBy(transaction: Knex.Transaction): Map<QueryId, Query | undefined> {
  const locked = locks.get(transaction) ?? new Map<QueryId, Query | undefined>();
  locks.set(transaction, locked);
  return locked;
}

export function saveOutcome(transaction: Knex.Transaction, id: QueryId, outcome: string): Promise<number> {
  return transaction<Query>('queries').where({ id }).update({ state: 'decided', outcome });
}

export function saveHeard(transaction: Knex.Transaction, id: QueryId, heard: number): Promise<number> {
  return transaction<Query>('queries').where({ id }).update({ heard });
}

/** Open queries that need a look: due by `now`, or checks older than `expectedBefore` with words not heard yet. */
export function queriesToSettle(knex: Knex, now: number, expectedBefore: number, limit: number): Promise<QueryId[]> {
  const words = knex('words')
    .count('*')
    .where('words.query_id', knex.ref('queries.id'))
    .where('words.agreement', knex.ref('queries.agreement'));
  return knex<Query>('queries')
    .where({ state: 'open' })
    .where((either) => {
      void either.where('due', '<=', now).orWhere((unheard) => {
        void unheard.where({ kind: 'check' }).where('expected_at', '<', expectedBefore).where('heard', '<', words);
      });
    })
    .orderBy('due')
    .limit(limit)
    .pluck('id');
}
