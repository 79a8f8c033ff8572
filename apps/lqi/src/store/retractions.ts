// Queries that were taken back: an open one is closed, and one that has not come is written down, so that its dispatch finds
// it here and is refused as any that comes again.
import { deadlinesOf, type Asked, type PartyId, type QueryId } from '@anonymesh/protocol';
import type { Knex } from 'knex';
import { closeSetQuery } from './close-set-query.js';
import { insertSetQuery, type SetQuery } from './set-queries.js';
import { closeSubqueries, insertSubquery, isSubquery, type Subquery } from './subqueries.js';

export interface Taken {
  readonly queryId: QueryId;
  readonly asked: Asked;
  readonly coordinator: PartyId;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Returns whether it was open, or had not come. */
export async function retractSubquery(transaction: Knex.Transaction, taken: Taken): Promise<boolean> {
  const row: Subquery = { ...retracted(taken), tries: 0 };
  if (await insertSubquery(transaction, row)) return true;
  return (await closeSubqueries(transaction, [taken.queryId], 'retracted')).has(taken.queryId);
}

/** As retractSubquery; also what it needed to go on is erased. */
export async function retractSetQuery(transaction: Knex.Transaction, taken: Taken): Promise<boolean> {
  const { queryId } = taken;
  // What was refused before it was taken up stands as a subquery.
  if (await isSubquery(transaction, queryId)) return false;
  const row: SetQuery = { ...retracted(taken), ...notBegun };
  if (await insertSetQuery(transaction, row)) return true;
  return closeSetQuery(transaction, queryId, 'retracted');
}

function retracted({ queryId, asked: { manifest, agreement }, coordinator, now }: Taken) {
  return {
    query_id: queryId,
    agreement: manifest.agreement,
    coordinator,
    dispatched: null,
    state: 'retracted',
    code: null,
    due: now,
    next_try: now,
    needs: 0,
    kept_until: deadlinesOf(manifest, agreement).erasure,
  } as const;
}

const notBegun = {
  seed: null,
  own_key: '',
  requester_key: '',
  keeper: '',
  stage: 'reading',
  reading: null,
  records: 0,
  sent: 0,
  told: 0,
  matched: null,
} as const;
