// Queries that answers are expected to.
import { firstOfEach, gather } from '@anonymesh/courier';
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
  state: 'open' | 'decided' | 'retracted';
  /** How many words were there when the requester was last told of progress. */
  heard: number;
  /** The outcome's letter, as signed. */
  outcome: string | null;
  /** Whether its receipt has left. */
  receipted: boolean;
}

/** Returns whether it is new. */
export const insertQuery = gather(async (transaction, queries: readonly Query[]) => {
  const rows = [...queries];
  const inserted = await transaction<Query>('queries').insert(rows).onConflict('id').ignore().returning('id');
  for (const { id } of rows) lockedBy(transaction).delete(id);
  const isNew = firstOfEach(
    rows.map(({ id }) => id),
    inserted.map(({ id }) => id),
  );
  // Nobody else sees it before the transaction ends: it is as good as locked.
  rows.forEach((row, index) => {
    if (isNew[index] === true) lockedBy(transaction).set(row.id, Promise.resolve(row));
  });
  return isNew;
});

export function findQuery(knex: Knex, id: QueryId): Promise<Query | undefined> {
  return knex<Query>('queries').where({ id }).first();
}

/**
 * The query, locked until the transaction ends: two copies of this app must not decide it apart. Asked once for each
 * transaction, since a batch often has several holders' words on one query.
 */
export async function lockQuery(transaction: Knex.Transaction, id: QueryId): Promise<Query | undefined> {
  const locked = lockedBy(transaction);
  if (!locked.has(id)) locked.set(id, lock(transaction, id));
  return locked.get(id);
}

/** In order of id: two copies of this app that lock the same ones must not wait for each other. */
const lock = gather(async (transaction, ids: readonly QueryId[]) => {
  const found: Query[] = await transaction<Query>('queries').whereIn('id', ids).orderBy('id').forUpdate();
  const byId = new Map(found.map((query) => [query.id, query]));
  return ids.map((id) => byId.get(id));
});

const locks = new WeakMap<Knex, Map<QueryId, Promise<Query | undefined>>>();

function lockedBy(transaction: Knex): Map<QueryId, Promise<Query | undefined>> {
  const locked = locks.get(transaction) ?? new Map<QueryId, Promise<Query | undefined>>();
  locks.set(transaction, locked);
  return locked;
}

/** The end of a query, and its outcome's letter. */
export type Ended = { readonly id: QueryId; readonly state: Exclude<Query['state'], 'open'>; readonly outcome: string };

export const saveOutcome = gather(async (transaction, ended: readonly Ended[]) => {
  const cases = ended.map(() => 'when ? then ?').join(' ');
  const chosen = (column: 'state' | 'outcome') =>
    transaction.raw(
      `case id ${cases} end`,
      ended.flatMap((each) => [each.id, each[column]]),
    );
  const ids = ended.map(({ id }) => id);
  const change = { state: chosen('state'), outcome: chosen('outcome') } as unknown as Pick<Query, 'state' | 'outcome'>;
  await transaction<Query>('queries').whereIn('id', ids).update(change);
  // What was read before, in this transaction, is not so any more.
  for (const id of ids) lockedBy(transaction).delete(id);
  return ids;
});

export function saveHeard(transaction: Knex.Transaction, id: QueryId, heard: number): Promise<number> {
  return transaction<Query>('queries').where({ id }).update({ heard });
}

/** Open queries under one of these agreements. */
export async function queriesUnder(
  knex: Knex,
  agreements: readonly string[],
  limit: number,
  except: readonly QueryId[],
): Promise<QueryId[]> {
  if (agreements.length === 0) return [];
  return knex<Query>('queries')
    .where({ state: 'open' })
    .whereIn('agreement', agreements)
    .whereNotIn('id', except)
    .limit(limit)
    .pluck('id');
}

/** Open queries that need a look: due by `now`, or checks expected before `unheard` with words not heard yet. */
export function queriesToSettle(
  knex: Knex,
  { now, unheard }: { readonly now: number; readonly unheard: number },
  limit: number,
  except: readonly QueryId[],
): Promise<QueryId[]> {
  const words = knex('words')
    .count('*')
    .where('words.query_id', knex.ref('queries.id'))
    .where('words.agreement', knex.ref('queries.agreement'));
  return knex<Query>('queries')
    .where({ state: 'open' })
    .where((either) => {
      void either.where('due', '<=', now).orWhere((check) => {
        void check.where({ kind: 'check' }).where('expected_at', '<', unheard).where('heard', '<', words);
      });
    })
    .whereNotIn('id', except)
    .orderBy('due')
    .limit(limit)
    .pluck('id');
}
