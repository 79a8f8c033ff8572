// Set queries: how far this holder is with its part of each. What it needs to go on after a crash is kept sealed, and
// erased as soon as the query ends; the row itself stays as the replay record.
import type { PartyId, QueryId, RefusalCode, SetStage } from '@anonymesh/protocol';
import type { Knex } from 'knex';

export interface SetQuery {
  query_id: QueryId;
  agreement: string;
  coordinator: PartyId;
  /** The body of `dispatch`, the part in it still sealed; null once ended. */
  dispatched: string | null;
  /** The secret of all that this holder computes for the query, sealed to its own key; null once ended. */
  seed: string | null;
  /** Id of the own sealing key, to which the seed is sealed, and by which the requester knows whose records it opens. */
  own_key: string;
  /** Id of the requester's sealing key, to which records are sealed. */
  requester_key: string;
  /** Whose spill folder it is in: only that copy of this holder can go on with it. */
  keeper: string;
  /** `dropped`: past its deadline. `ended`: the aggregator said so, or all that was approved has left. */
  state: 'open' | 'ended' | 'refused' | 'dropped' | 'retracted';
  stage: SetStage;
  code: RefusalCode | null;
  /** The reading that was completed: the folder in which its spill files are. */
  reading: string | null;
  /** Padded; 0 before they were read. */
  records: number;
  /** Chunks of the own list that have left. */
  sent: number;
  /** Records whose tokens have left. */
  told: number;
  /** Which of the own records matched, as the aggregator says; null before it says so. */
  matched: Buffer | null;
  /** Milliseconds since 1970, as `next_try` and `kept_until`. */
  due: number;
  next_try: number;
  /** As of a subquery. */
  needs: number;
  kept_until: number;
}

/** Returns whether it is new: a query is taken up once, whoever sends it again. */
export async function insertSetQuery(transaction: Knex.Transaction, query: SetQuery): Promise<boolean> {
  const inserted = await transaction<SetQuery>('set_queries')
    .insert(query)
    .onConflict('query_id')
    .ignore()
    .returning('query_id');
  return inserted.length > 0;
}

export function findSetQuery(knex: Knex, queryId: QueryId): Promise<SetQuery | undefined> {
  return knex<SetQuery>('set_queries').where({ query_id: queryId }).first();
}

/** As findSetQuery, and until the transaction ends nobody else changes it: what is written beside it is not left over. */
export function lockSetQuery(transaction: Knex.Transaction, queryId: QueryId): Promise<SetQuery | undefined> {
  return transaction<SetQuery>('set_queries').where({ query_id: queryId }).forUpdate().first();
}

/** Changes an open query, if it is still as expected. Returns whether it was. */
export async function advanceSetQuery(
  knex: Knex,
  queryId: QueryId,
  expected: Partial<SetQuery>,
  change: Partial<SetQuery>,
): Promise<boolean> {
  const changed = await knex<SetQuery>('set_queries')
    .where({ query_id: queryId, state: 'open', ...expected })
    .update(change);
  return changed > 0;
}

/** Open queries that this keeper goes on with, and those of others that are past their deadline. */
export function setQueriesToTry(knex: Knex, keeper: string, now: number): Promise<SetQuery[]> {
  return knex<SetQuery>('set_queries')
    .where({ state: 'open' })
    .where(
      (either) =>
        void either.where('due', '<=', now).orWhere((own) => void own.where({ keeper }).where('next_try', '<=', now)),
    )
    .orderBy('next_try');
}

/** Open queries under one of these agreements, whoever keeps them. */
export async function setQueriesUnder(knex: Knex, agreements: readonly string[]): Promise<SetQuery[]> {
  if (agreements.length === 0) return [];
  return knex<SetQuery>('set_queries').where({ state: 'open' }).whereIn('agreement', agreements);
}

/** Ids of all open queries of this keeper. */
export function openSetQueries(knex: Knex, keeper: string): Promise<QueryId[]> {
  return knex<SetQuery>('set_queries').where({ state: 'open', keeper }).pluck('query_id');
}
