// A set query that this app itself has something to do for, read outside of a transaction; and, when it is done, written
// inside of one, if the query still waits for it.
import type { QueryId, SetAgreement } from '@anonymesh/protocol';
import type { StoreNode, Work } from '@anonymesh/courier';
import { goRounds, loggable } from '@anonymesh/runtime';
import { isOfKind, type SignedAgreement } from '@anonymesh/trust';
import { findQuery, lockQuery, type Query } from '../store/queries.js';
import { findSet, findSetHolders, readEnding, type SetHolder, type SetRow } from '../store/sets.js';
import type { Stage } from './decide-set.js';
import type { SetNode } from './spool.js';

export interface SetInHand {
  readonly id: QueryId;
  readonly query: Query;
  readonly set: SetRow;
  readonly holders: readonly SetHolder[];
  readonly signed: SignedAgreement<SetAgreement>;
  readonly agreement: SetAgreement;
}

/**
 * Whether this copy of the app works on it: what needs tokens, or what was made of them, is for the one that has them. To
 * end without a release takes neither, and must not wait for a copy that may be gone.
 */
export function isOurs({ spool }: SetNode, { set }: SetInHand): boolean {
  const isWithout = set.stage === 'ending' && readEnding(set).outcome !== 'released';
  return isWithout || set.keeper === null || set.keeper === spool.keeper;
}

/** undefined where it has ended, or its agreement is not known any more. */
export async function takeInHand({ courier, trust }: StoreNode, id: QueryId): Promise<SetInHand | undefined> {
  const { knex } = courier.store;
  const query = await findQuery(knex, id);
  const set = await findSet(knex, id);
  const signed = query === undefined ? undefined : trust.agreements.get(query.agreement);
  if (query === undefined || set === undefined || signed === undefined || !isOfKind(signed, 'set')) return undefined;
  return { id, query, set, holders: await findSetHolders(knex, id), signed, agreement: signed.content };
}

/** Milliseconds between looks at a query that is being worked on. */
const lookEvery = 500;

/**
 * Does something long outside of transactions. The signal is given once the query has left that stage: it was taken back,
 * or came to its deadline. What is thrown then is no fault.
 */
export async function untilOutOf(
  { courier, log }: StoreNode,
  { id }: SetInHand,
  stage: Stage,
  effect: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const { knex } = courier.store;
  const left = new AbortController();
  const looking = goRounds({
    name: 'looking',
    interval: lookEvery,
    round: async () => {
      if ((await findSet(knex, id))?.stage !== stage) left.abort();
    },
    failed: (error) => log.fault('set.not-looked-at', error, { query: loggable.queryId(id) }),
  });
  try {
    await effect(left.signal);
  } catch (error) {
    if (!left.signal.aborted) throw error;
  } finally {
    await looking.close();
  }
}

/** Does something in one transaction, unless the query has left that stage since: it came to its deadline, say. */
export async function whileIn(
  { courier }: StoreNode,
  { id }: SetInHand,
  stage: Stage,
  effect: (work: Work, set: SetRow) => Promise<void>,
): Promise<void> {
  await courier.transact(async (work) => {
    const query = await lockQuery(work.transaction, id);
    const set = await findSet(work.transaction, id);
    if (query?.state === 'open' && set?.stage === stage) await effect(work, set);
  });
}
