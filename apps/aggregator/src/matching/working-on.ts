// A set query that this app itself has something to do for, read outside of a transaction; and, when it is done, written
// inside of one, if the query still waits for it.
import type { QueryId, SetAgreement } from '@anonymesh/protocol';
import type { StoreNode, Work } from '@anonymesh/courier';
import { isOfKind, type SignedAgreement } from '@anonymesh/trust';
import { findQuery, lockQuery, type Query } from '../store/queries.js';
import { findSet, findSetHolders, type SetHolder, type SetRow } from '../store/sets.js';
import type { Stage } from './decide-set.js';

export interface SetInHand {
  readonly id: QueryId;
  readonly query: Query;
  readonly set: SetRow;
  readonly holders: readonly SetHolder[];
  readonly signed: SignedAgreement<SetAgreement>;
  readonly agreement: SetAgreement;
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
