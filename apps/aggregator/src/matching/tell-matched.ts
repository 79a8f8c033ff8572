// matched: tells each holder which of its own records matched, where people approve them, and in the end that the query is
// over. All holders are told at once, in one size.
import { randomFillSync } from 'node:crypto';
import { matched } from '@anonymesh/protocol-answering';
import type { StoreNode, Work } from '@anonymesh/courier';
import { packProof, tokenShape, type Combined } from '@anonymesh/psi';
import { loggable } from '@anonymesh/runtime';
import type { SetHolder } from '../store/sets.js';
import type { Ending } from './decide-set.js';
import { matchedBytes } from './lists.js';
import type { SetInHand } from './working-on.js';

export interface MatchedList {
  readonly holder: SetHolder;
  readonly records: number;
  readonly proofs: Buffer;
}

/** For each holder its own records that matched, with the gates by which it knows that they did. */
export async function listsOf({ agreement, holders }: SetInHand, combined: Combined): Promise<MatchedList[]> {
  const shape = tokenShape(agreement);
  const lists: MatchedList[] = [];
  for (const holder of holders) {
    const proofs: Buffer[] = [];
    for await (const record of combined.released(holder.holder)) proofs.push(packProof(shape, record));
    lists.push({ holder, records: proofs.length, proofs: Buffer.concat(proofs) });
  }
  return lists;
}

export function tellApproving(node: StoreNode, work: Work, inHand: SetInHand, list: MatchedList): void {
  post(node, work, inHand, list.holder, { word: 'approve', ...list });
}

export function tellEnded(node: StoreNode, work: Work, inHand: SetInHand, { code }: Ending): void {
  const word = code === 'too-many-matches' ? 'too-many' : 'ended';
  const proofs = Buffer.alloc(0);
  for (const holder of inHand.holders) post(node, work, inHand, holder, { word, records: 0, proofs });
}

interface Told extends Pick<MatchedList, 'records' | 'proofs'> {
  readonly word: 'approve' | 'ended' | 'too-many';
}

function post(
  { log }: StoreNode,
  work: Work,
  { id: queryId, agreement, signed }: SetInHand,
  { holder: to }: SetHolder,
  { word, records, proofs }: Told,
): void {
  // Asked at the moment of telling: an identity that is no longer the pinned one is told nothing.
  if (signed.sealingKeyOf(to, Date.now()) === undefined) {
    const fields = {
      query: loggable.queryId(queryId),
      to: loggable.partyId(to),
      code: loggable.code('key-not-pinned'),
    };
    log.warn('matched.not-told', fields);
    return;
  }
  const attachment = Buffer.alloc(matchedBytes(agreement));
  proofs.copy(attachment);
  randomFillSync(attachment, proofs.length);
  work.post(matched, { to, queryId, body: { agreement: signed.hash, word, records }, attachment, chunk: 0 });
}
