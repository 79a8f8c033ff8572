// Subqueries: what this holder was asked, by query ID, and what became of it.
import { firstOfEach, gather } from '@anonymesh/courier';
import type { QueryId, RefusalCode } from '@anonymesh/protocol';
import { forgetUses } from '@anonymesh/store';
import type { Knex } from 'knex';
import { forgetAsked } from './asked-persons.js';

export interface Subquery {
  query_id: QueryId;
  agreement: string;
  coordinator: string;
  /** The body of `dispatch`, the part in it still sealed; null once answered. */
  dispatched: string | null;
  /** `dropped`: past its deadline, nothing was sent. `retracted`: taken back before anything was. */
  state: 'open' | 'answered' | 'refused' | 'dropped' | 'retracted';
  code: RefusalCode | null;
  /** Milliseconds since 1970, as `next_try`. */
  due: number;
  next_try: number;
  tries: number;
  /** How many people must approve it before it is evaluated; until then `next_try` is when their time is over. */
  needs: number;
  /** The replay record outlives the deadline: a query is not taken up after it anyway. */
  kept_until: number;
}

/** Returns whether it is new: a query is taken up once, whoever sends it again. */
export const insertSubquery = gather(async (transaction, subqueries: readonly Subquery[]) => {
  const inserted = await transaction<Subquery>('subqueries')
    .insert([...subqueries])
    .onConflict('query_id')
    .ignore()
    .returning('query_id');
  return firstOfEach(
    subqueries.map((each) => each.query_id),
    inserted.map((each) => each.query_id),
  );
});

/** Closes open subqueries and forgets what they were about. Returns those that were open until now. */
export async function closeSubqueries(
  transaction: Knex.Transaction,
  queryIds: readonly QueryId[],
  state: Exclude<Subquery['state'], 'open'>,
  code: RefusalCode | null = null,
): Promise<ReadonlySet<QueryId>> {
  if (queryIds.length === 0) return new Set();
  const open = transaction<Subquery>('subqueries').whereIn('query_id', queryIds).where({ state: 'open' });
  const closed = await open.update({ state, code, dispatched: null }).returning('query_id');
  if (state === 'refused')
    await uncount(
      transaction,
      closed.map((row) => row.query_id),
    );
  return new Set(closed.map((row) => row.query_id));
}

/** It is not taken up after all, or was refused: nobody learns anything of it, and no limit counts it. */
export async function uncount(transaction: Knex, queryIds: readonly QueryId[]): Promise<void> {
  if (queryIds.length === 0) return;
  await forgetUses(transaction, queryIds);
  await forgetAsked(transaction, queryIds);
}

export async function postpone(knex: Knex, queryId: QueryId, nextTry: number): Promise<void> {
  await knex<Subquery>('subqueries')
    .where({ query_id: queryId, state: 'open' })
    .update({ next_try: nextTry, tries: knex.raw('tries + 1') });
}

/** Open subqueries whose time to be tried has come. */
export function subqueriesToTry(
  knex: Knex,
  now: number,
  limit: number,
  except: readonly QueryId[] = [],
): Promise<Subquery[]> {
  return knex<Subquery>('subqueries')
    .where({ state: 'open' })
    .where('next_try', '<=', now)
    .whereNotIn('query_id', except)
    .orderBy('next_try')
    .limit(limit);
}

/** Open subqueries under one of these agreements. */
export async function subqueriesUnder(
  knex: Knex,
  agreements: readonly string[],
  limit: number,
  except: readonly QueryId[] = [],
): Promise<Subquery[]> {
  if (agreements.length === 0) return [];
  return knex<Subquery>('subqueries')
    .where({ state: 'open' })
    .whereIn('agreement', agreements)
    .whereNotIn('query_id', except)
    .limit(limit);
}

/** Whether there is a row of that query: it was taken up, or refused, as one about a person or before its kind was known. */
export async function isSubquery(knex: Knex, queryId: QueryId): Promise<boolean> {
  return (await knex<Subquery>('subqueries').where({ query_id: queryId }).first('query_id')) !== undefined;
}
