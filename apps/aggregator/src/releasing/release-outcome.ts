// The one way in which an outcome leaves: signed, sealed to the requester, relayed by a coordinator that cannot read it.
import { relayOutcome, seal, signLetter, soleParty } from '@anonymesh/protocol';
import type { StoreNode, Work } from '@anonymesh/courier';
import { loggable } from '@anonymesh/runtime';
import { outcome } from '@anonymesh/protocol-outcome';
import type { SignedAgreement } from '@anonymesh/trust';
import type { Decision } from '../combining/decide.js';
import { saveOutcome, type Query } from '../store/queries.js';

export async function releaseOutcome(
  { courier, log }: StoreNode,
  work: Work,
  query: Query,
  signed: SignedAgreement,
  decision: Decision,
): Promise<void> {
  const { self } = courier;
  const { id: queryId, requester, agreement, nonce } = query;
  const body = { agreement, ...decision, holders: signed.content.holders.length };
  const letter = signLetter(outcome, { from: self.id, to: requester, queryId, body }, self.keyring.signing);
  await saveOutcome(work.transaction, queryId, letter.jws);
  // Asked at the moment of release: an identity that is no longer the pinned one gets nothing. The query ends all the same.
  const key = signed.pinned(requester) && self.directory.sealingKey(requester, Date.now());
  if (key === undefined) {
    log.warn('outcome.not-relayed', { query: loggable.queryId(queryId), code: loggable.code('key-not-pinned') });
    return;
  }
  const context = { message: 'outcome', nonce, agreement, from: self.id, to: requester };
  const sealed = seal(letter.text, key, context);
  work.post(relayOutcome, { to: soleParty(signed.content, 'coordinator'), queryId, body: { sealed } });
}
