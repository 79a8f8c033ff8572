// The one way in which an outcome leaves. The query ends with it, whether or not there is still somebody to tell.
import { relayOutcome, soleParty } from '@anonymesh/protocol';
import { querySeconds, type StoreNode, type Work } from '@anonymesh/courier';
import { loggable } from '@anonymesh/runtime';
import { outcome } from '@anonymesh/protocol-outcome';
import type { SignedAgreement } from '@anonymesh/trust';
import type { Decision } from '../combining/decide.js';
import { saveOutcome, type Query } from '../store/queries.js';
import { sealFor, signFor } from './relay-to-requester.js';

export async function releaseOutcome(
  node: StoreNode,
  work: Work,
  query: Query,
  signed: SignedAgreement,
  decision: Decision,
): Promise<void> {
  const { id: queryId, agreement, expected_at } = query;
  const letter = await signFor(node, query, outcome, {
    agreement,
    ...decision,
    holders: signed.content.holders.length,
  });
  const state = decision.outcome === 'retracted' ? 'retracted' : 'decided';
  await saveOutcome(work.transaction, { id: queryId, state, outcome: letter.jws });
  work.enter({ did: 'decided', what: 'outcome', query: queryId, words: letter.jws });
  const { answered, code } = decision;
  const about = { query: loggable.queryId(queryId) };
  const milliseconds = Date.now() - expected_at;
  node.log.info('query.decided', { ...about, answered, code: loggable.code(code), milliseconds });
  work.afterwards(() => querySeconds(node.metrics)({ kind: query.kind }, milliseconds / 1000));
  const body = sealFor(node, query, signed, outcome, letter);
  if (body === undefined) node.log.warn('outcome.not-relayed', { ...about, code: loggable.code('key-not-pinned') });
  else work.post(relayOutcome, { to: soleParty(signed.content, 'coordinator'), queryId, body });
}
