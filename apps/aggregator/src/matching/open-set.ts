// The set query that a holder's letter is about, locked; or why the letter is refused. Every message of a holder about a
// set comes past here.
import { Refusal, type Opened, type QueryId, type SetAgreement } from '@anonymesh/protocol';
import { NotYet, type StoreNode, type Work } from '@anonymesh/courier';
import { isOfKind } from '@anonymesh/trust';
import { isHolderOf } from '../collecting/holder-of.js';
import { lockQuery, type Query } from '../store/queries.js';
import { findSet, findSetHolder, type SetHolder, type SetRow } from '../store/sets.js';

export interface OpenSet {
  readonly id: QueryId;
  readonly query: Query;
  readonly agreement: SetAgreement;
  readonly set: SetRow;
  /** What its sender has sent so far. */
  readonly sender: SetHolder;
}

/** The agreement of a set that a letter names, if its sender is a holder of it. Throws a Refusal. */
export function agreementOf(
  { trust }: StoreNode,
  { body, from }: Opened<{ readonly agreement: string }>,
): SetAgreement {
  const signed = trust.agreements.get(body.agreement);
  if (signed === undefined || !isHolderOf(signed, from)) throw new Refusal('key-not-pinned');
  if (!isOfKind(signed, 'set')) throw new Refusal('query-differs');
  return signed.content;
}

/** Throws a Refusal, and NotYet where the query may still be told of. */
export async function openSet(
  node: StoreNode,
  work: Work,
  letter: Opened<{ readonly agreement: string }>,
): Promise<OpenSet> {
  const { queryId: id, from, issuedAt, body } = letter;
  const agreement = agreementOf(node, letter);
  if (id === undefined) throw new Refusal('malformed');
  const query = await lockQuery(work.transaction, id);
  if (query === undefined) throw isStillTime(issuedAt, agreement) ? new NotYet() : new Refusal('deadline-passed');
  if (query.agreement !== body.agreement) throw new Refusal('query-differs');
  const set = await findSet(work.transaction, id);
  const sender = await findSetHolder(work.transaction, id, from.id);
  if (query.state !== 'open' || set === undefined || sender === undefined) throw new Refusal('deadline-passed');
  return { id, query, agreement, set, sender };
}

/** Nothing of a query that nobody told us of is kept: its letter comes again until the query's time must be over. */
function isStillTime(issuedAt: number, { deadlineSeconds }: SetAgreement): boolean {
  return Date.now() < issuedAt + deadlineSeconds * 1000;
}
