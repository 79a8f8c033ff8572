// Queries as the requester keeps them: asked first in its own store, and ended once. What ends a query first stands: a
// refusal, an outcome, or its deadline.
import { gather } from '@anonymesh/courier';
import { enter, eraseSalts } from '@anonymesh/evidence';
import type { Agreement, QueryId, RefusalCode, SetStage } from '@anonymesh/protocol';
import type { OutcomeCode, OutcomeWord } from '@anonymesh/protocol-outcome';
import { eraseUses } from '@anonymesh/store';
import { eraseSessions } from '@anonymesh/web';
import type { Knex } from 'knex';
import { writeFields } from './fields.js';
import { dropLetters } from './match-letters.js';
import { eraseReceipts } from './receipts.js';

/** `retracting`: the caseworker has taken it back; what is decided before the mesh hears of it still ends it. */
export type QueryState = 'asking' | 'waiting' | 'retracting' | 'decided' | 'refused';

/** Times are milliseconds since 1970. */
export interface Query {
  id: QueryId;
  kind: Agreement['kind'];
  /** The agreement's hash, and its id for people. */
  agreement: string;
  agreement_id: string;
  /** Of a check, unless the mesh refused it. */
  reference: string | null;
  /** Which asking under this reference: 0 is the first, the others are re-checks. */
  t: number;
  /** The caseworker: `sub` of the token. */
  asker: string;
  role: string;
  /** The person's fields, canonical, as JSON; none of one that the mesh refused at once. */
  fields: string;
  nonce: string;
  /** Empty of one that the mesh refused. */
  manifest: string;
  /** Of the letter `ask`, as JSON; they and the slip are dropped when nobody needs them any more. */
  parts: string | null;
  slip: string | null;
  /** The id of the letter by which the subject wished for this re-check. */
  wish: string | null;
  state: QueryState;
  /** Whether the coordinator is known to have it. */
  admitted: boolean;
  answered: number;
  holders: number;
  /** Of a set query: how far all holders together are. */
  stage: SetStage | null;
  percent: number | null;
  outcome: OutcomeWord | null;
  code: OutcomeCode | RefusalCode | typeof lateCode | null;
  /** Of a set query that was released: how many people the holders have in common. */
  people: number | null;
  outcome_signed: string | null;
  asked_at: number;
  deadline: number;
  /** Null while it is open, and of a query that ended before this was kept. */
  ended_at: number | null;
  /** When to ask the coordinator (again), while the state is `asking`. */
  ask_at: number | null;
  attempts: number;
  kept_until: number;
}

export const lateCode = 'no-outcome-in-time';
/** Not ended, and not taken back. */
const wantedStates: readonly QueryState[] = ['asking', 'waiting'];
export const openStates: readonly QueryState[] = [...wantedStates, 'retracting'];

/** Whether an outcome that comes at that time would still end it. */
export function isOpen({ state, deadline }: Pick<Query, 'state' | 'deadline'>, now: number): boolean {
  return openStates.includes(state) && deadline > now;
}

const sent = { parts: null, slip: null, ask_at: null } as const;

export async function insertQuery(knex: Knex, query: Query): Promise<void> {
  await knex<Query>('queries').insert(query);
}

export const findQuery = gather(async (knex, ids: readonly QueryId[]) => {
  const found: Query[] = await knex<Query>('queries').whereIn('id', ids);
  const byId = new Map(found.map((query) => [query.id, query]));
  return ids.map((id) => byId.get(id));
});

export function findQueryOf(knex: Knex, asker: string, id: QueryId): Promise<Query | undefined> {
  return knex<Query>('queries').where({ id, asker }).first();
}

/** The caseworker's queries, newest first, after `before`. */
export function listQueries(knex: Knex, asker: string, before: Query | undefined, limit: number): Promise<Query[]> {
  const own = knex<Query>('queries').where({ asker });
  if (before !== undefined) {
    const { asked_at, id } = before;
    void own.where((older) => void older.where('asked_at', '<', asked_at).orWhere({ asked_at }).where('id', '<', id));
  }
  return own
    .orderBy([
      { column: 'asked_at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .limit(limit);
}

/** All askings under one reference, locked until the transaction ends. */
export function lockChain(transaction: Knex.Transaction, reference: string): Promise<Query[]> {
  return transaction<Query>('queries').where({ reference }).orderBy('t').forUpdate();
}

/** Returns whether the query still was being asked. */
export async function saveAdmitted(knex: Knex, id: QueryId): Promise<boolean> {
  const asking = knex<Query>('queries').where({ id, state: 'asking' });
  return (await asking.update({ ...sent, state: 'waiting', admitted: true })) === 1;
}

/**
 * Nobody was asked, so that nothing of the person is kept; but where it is refused only later, whoever asked was not told
 * yet, and has to find out whom it was about. A re-check keeps its reference, by which a wish is known that was followed.
 */
export async function saveRefused(knex: Knex, id: QueryId, code: RefusalCode, now: number): Promise<boolean> {
  const reference = knex.raw('case when t = 0 then null else reference end');
  const fields = knex.raw('case when t = 0 and attempts > 0 then fields else ? end', [writeFields({})]);
  const nothing = { ...sent, reference, fields, manifest: '' };
  const asking = knex<Query>('queries').where({ id, state: 'asking' });
  return (await asking.update({ ...nothing, state: 'refused', code, ended_at: now })) === 1;
}

export type Advance = Pick<Query, 'answered' | 'stage' | 'percent'>;

/** The caller has seen that it is an advance. */
export async function saveProgress(knex: Knex, id: QueryId, advance: Advance): Promise<boolean> {
  const open = knex<Query>('queries').where({ id }).whereIn('state', openStates);
  return (await open.update({ ...advance, admitted: true })) === 1;
}

export type Ending = Pick<Query, 'answered' | 'outcome' | 'code' | 'people' | 'outcome_signed'>;

/** Returns whether this ended the query: an outcome that comes at the deadline or later changes nothing. */
export async function saveOutcome(knex: Knex, id: QueryId, ending: Ending, now: number): Promise<boolean> {
  const open = knex<Query>('queries').where({ id }).whereIn('state', openStates).where('deadline', '>', now);
  return (await open.update({ ...ending, ...sent, state: 'decided', admitted: true, ended_at: now })) === 1;
}

/** Returns whether it was open, and not taken back, until now. */
export async function saveRetracting(knex: Knex, id: QueryId, now: number): Promise<boolean> {
  const open = knex<Query>('queries').where({ id }).whereIn('state', wantedStates).where('deadline', '>', now);
  return (await open.update({ ...sent, state: 'retracting' })) === 1;
}

/** What becomes of a query of which nothing is heard until its deadline. */
export function lateEnding(state: QueryState): Pick<Query, 'state' | 'code'> & { readonly outcome: OutcomeWord } {
  return { state: 'decided', outcome: state === 'retracting' ? 'retracted' : 'refer', code: lateCode };
}

/** Ends what is past its deadline; what was released of it came too late, and is not kept. Returns the ids. */
export function endOverdue(knex: Knex, now: number): Promise<QueryId[]> {
  return knex.transaction(async (transaction) => {
    const ended: QueryId[] = [];
    for (const state of openStates) {
      const ending = lateEnding(state);
      const overdue = transaction<Query>('queries').where({ state }).where('deadline', '<=', now);
      const ended_at = transaction.raw('deadline');
      const some = (await overdue.update({ ...sent, ...ending, ended_at }).returning('id')).map(({ id }) => id);
      const entryOf = (query: QueryId) => ({ did: 'decided' as const, what: lateCode, query, words: ending.outcome });
      await enter(transaction, some.map(entryOf));
      await dropLetters(transaction, some);
      ended.push(...some);
    }
    return ended;
  });
}

/** What the log says of them stays, and can be opened no more. */
export async function eraseExpired(knex: Knex, now: number): Promise<number> {
  const expired = () => knex<Query>('queries').where('kept_until', '<=', now).select('id');
  await eraseSalts(knex, expired());
  await eraseReceipts(knex, expired());
  const letters: number = await knex('match_letters').where('kept_until', '<=', now).delete();
  const queries = await knex<Query>('queries').where('kept_until', '<=', now).delete();
  return letters + queries + (await eraseUses(knex, now)) + (await eraseSessions(knex, now));
}
