// Approvals: own records that matched, each to be released only if a person says so. A record is kept sealed, and erased
// with its query; who decided what stays as long as the query's row.
import type { QueryId } from '@anonymesh/protocol';
import type { Knex } from 'knex';
import type { SetQuery } from './set-queries.js';
import { recordsWaiting } from './waiting-for-people.js';

export interface Approval {
  /** 16 random bytes, base64url. */
  id: string;
  query_id: QueryId;
  /** The record, sealed to the holder's own key; null once its query has ended. */
  record: string | null;
  decision: 'approve' | 'refuse' | null;
  /** Why not; null where it was approved. */
  reason: string | null;
  /** The identity provider's id of the person. */
  decided_by: string | null;
  decided_at: number | null;
}

export async function insertApprovals(transaction: Knex.Transaction, rows: readonly Approval[]): Promise<void> {
  for (let first = 0; first < rows.length; first += batch) {
    await transaction<Approval>('approvals').insert(rows.slice(first, first + batch));
  }
}

const batch = 100;

/** An approval with what its query says of it. */
export type WaitingApproval = Approval & Pick<SetQuery, 'due' | 'coordinator' | 'dispatched'>;

/** What waits for a decision, the most urgent first; some of it where `some` says which. */
export async function waitingApprovals(
  knex: Knex,
  now: number,
  some: { readonly offset?: number; readonly limit?: number } = {},
): Promise<WaitingApproval[]> {
  const rows: unknown = await waiting(knex, now)
    .orderBy(['due', 'id'])
    .offset(some.offset ?? 0)
    .limit(some.limit ?? mostListed);
  return rows as WaitingApproval[];
}

/** One that waits, or undefined. */
export async function waitingApproval(knex: Knex, now: number, id: string): Promise<WaitingApproval | undefined> {
  const [row] = (await waiting(knex, now).where('approvals.id', id)) as WaitingApproval[];
  return row;
}

function waiting(knex: Knex, now: number) {
  return recordsWaiting(knex, now).select('approvals.*', 'due', 'coordinator', 'dispatched');
}

const mostListed = 1000;

/** Decides once. Returns the query that it belongs to, or undefined where nothing of that id waits. */
export async function decideApproval(
  transaction: Knex.Transaction,
  id: string,
  decided: Pick<Approval, 'decision' | 'reason' | 'decided_by' | 'decided_at'>,
): Promise<QueryId | undefined> {
  const [row] = await transaction<Approval>('approvals')
    .where({ id, decision: null })
    .whereNotNull('record')
    .update(decided)
    .returning('query_id');
  return row?.query_id;
}

export function approvalsOf(knex: Knex, queryId: QueryId): Promise<Approval[]> {
  return knex<Approval>('approvals').where({ query_id: queryId }).orderBy('id');
}

export async function eraseRecords(transaction: Knex.Transaction, queryId: QueryId): Promise<void> {
  await transaction<Approval>('approvals').where({ query_id: queryId }).update({ record: null });
}
