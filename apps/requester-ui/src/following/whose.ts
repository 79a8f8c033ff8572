// Which of our queries a letter is about, and whether its sender is the coordinator that its agreement names.
import { Refusal, soleParty, type Opened } from '@anonymesh/protocol';
import type { StoreNode, Work } from '@anonymesh/courier';
import type { SignedAgreement } from '@anonymesh/trust';
import { findQuery, type Query } from '../store/queries.js';

export async function queryOf(
  { queryId, from }: Opened,
  { trust }: Pick<StoreNode, 'trust'>,
  { transaction }: Work,
): Promise<{ readonly query: Query; readonly signed: SignedAgreement }> {
  const query = queryId === undefined ? undefined : await findQuery(transaction, queryId);
  if (query === undefined) throw new Refusal('not-found');
  const signed = trust.agreements.get(query.agreement);
  if (signed === undefined) throw new Refusal('unknown-agreement');
  if (from.id !== soleParty(signed.content, 'coordinator') || !signed.isParty(from))
    throw new Refusal('key-not-pinned');
  return { query, signed };
}
