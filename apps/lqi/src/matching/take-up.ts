// A set query as it is taken up: with a fresh seed, from which all follows that this holder computes for it, and with the
// keys of both ends of its records fixed, so that a rotation in between changes nothing.
import type { Self } from '@anonymesh/courier';
import { deadlinesOf, type BodyOf, type dispatch, type PartyId, type RefusalCode } from '@anonymesh/protocol';
import { wipe } from '@anonymesh/psi';
import { randomBytes } from 'node:crypto';
import { decideBy, peopleNeeded } from '../approvals/people-needed.js';
import type { SetQuestion } from '../inbound/question.js';
import type { SetQuery } from '../store/set-queries.js';
import { sealToSelf } from './own-seal.js';

export function takeUp(
  self: Self,
  question: SetQuestion,
  from: { readonly coordinator: PartyId; readonly body: BodyOf<typeof dispatch> },
  keeper: string,
): SetQuery | RefusalCode {
  const { queryId, verified, agreement, signed, due, terms } = question;
  const now = Date.now();
  const needs = peopleNeeded(terms);
  const { requester } = verified.manifest;
  const requesterKey = signed.sealingKeyOf(requester, now);
  const ownKey = self.directory.sealingKey(self.id, now);
  if (requesterKey === undefined) return 'key-not-pinned';
  if (ownKey === undefined || self.keyring.sealing(ownKey.kid) === undefined) return 'unknown-key';
  const seed = randomBytes(32);
  const sealed = sealToSelf(self, ownKey.kid, queryId, 'seed', seed);
  wipe(seed);
  return {
    query_id: queryId,
    agreement: signed.hash,
    coordinator: from.coordinator,
    dispatched: JSON.stringify(from.body),
    seed: sealed,
    own_key: ownKey.kid,
    requester_key: requesterKey.kid,
    keeper,
    state: 'open',
    stage: 'reading',
    code: null,
    reading: null,
    records: 0,
    sent: 0,
    told: 0,
    matched: null,
    due,
    next_try: needs === 0 ? now : decideBy(question),
    needs,
    kept_until: deadlinesOf(verified.manifest, agreement).erasure,
  };
}
