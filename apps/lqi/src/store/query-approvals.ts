// Queries that wait for people, and what people said: each person once for each query. Who decided what stays as long as
// the query's row.
import type { PartyId, QueryId } from '@anonymesh/protocol';
import type { Knex } from 'knex';
import { queriesWaiting, queryTables } from './waiting-for-people.js';

export interface QueryDecision {
  query_id: QueryId;
  /** The identity provider's id of the person. */
  decided_by: string;
  decision: 'approve' | 'refuse';
  /** Why not; null where it was approved. */
  reason: string | null;
  decided_at: number;
}

/** What is kept of a query that waits, of either kind. */
export interface WaitingQuery {
  readonly query_id: QueryId;
  readonly coordinator: PartyId;
  readonly dispatched: string | null;
  /** How many people must still approve it. */
  readonly needs: number;
}

/** Those of which the time to decide is not over, the most urgent first. */
export async function waitingQueries(knex: Knex, now: number): Promise<WaitingQuery[]> {
  const found = await Promise.all(
    queryTables.map((table) =>
      queriesWaiting(knex, table, now)
        .orderBy(['due', 'query_id'])
        .limit(mostListed)
        .select(...columns, 'due'),
    ),
  );
  return found.flat().sort((one, other) => Number(one.due) - Number(other.due));
}

const mostListed = 500;
const columns = ['query_id', 'coordinator', 'dispatched', 'needs'] as const;

/** Locked until the transaction ends; undefined where nothing of that id waits. */
export async function lockWaiting(
  transaction: Knex.Transaction,
  queryId: QueryId,
  now: number,
): Promise<WaitingQuery | undefined> {
  for (const table of queryTables) {
    const waiting = queriesWaiting(transaction, table, now).where({ query_id: queryId });
    const row = await waiting.forUpdate().first(...columns);
    if (row !== undefined) return row;
  }
  return undefined;
}

/** Returns whether it is this person's first word on that query. */
export async function insertDecision(transaction: Knex.Transaction, decision: QueryDecision): Promise<boolean> {
  const inserted = await transaction<QueryDecision>('query_decisions')
    .insert(decision)
    .onConflict(['query_id', 'decided_by'])
    .ignore()
    .returning('query_id');
  return inserted.length > 0;
}

/** One person less is needed; with the last one it is tried from `nextTry` on. Returns how many still are. */
export async function countApproval(
  transaction: Knex.Transaction,
  { query_id: queryId, needs }: WaitingQuery,
  nextTry: number,
): Promise<number> {
  const left = needs - 1;
  const change = { needs: left, ...(left === 0 ? { next_try: nextTry } : {}) };
  for (const table of queryTables) await transaction(table).where({ query_id: queryId, state: 'open' }).update(change);
  return left;
}

export async function eraseDecisions(knex: Knex, now: number): Promise<number> {
  let erased = 0;
  for (const table of queryTables) {
    const expired = knex(table).where('kept_until', '<=', now).select('query_id');
    erased += await knex('query_decisions').whereIn('query_id', expired).delete();
  }
  return erased;
}
