// What leaves a holder in a set query: blinded points to the next holder; to the aggregator tokens, how far it is, and what
// people released, sealed for the requester. Each is posted in the transaction that writes down that it has left.
import type { Work } from '@anonymesh/courier';
import { progress, soleParty, type BodyOf, type PartyId, type SetStage } from '@anonymesh/protocol';
import { exchange } from '@anonymesh/protocol-asking';
import { release, tokens } from '@anonymesh/protocol-answering';
import type { SetQuestion } from '../inbound/question.js';

/** A chunk of a list, ours or another's, to the next in the ring. */
export function postChunk(
  work: Work,
  { queryId, signed }: SetQuestion,
  to: PartyId,
  list: { readonly owner: PartyId; readonly points: number; readonly chunk: number; readonly bytes: Uint8Array },
): void {
  const { owner, points, chunk, bytes } = list;
  work.post(exchange, {
    to,
    queryId,
    body: { agreement: signed.hash, owner, points },
    attachment: bytes,
    chunk,
  });
}

export type TokensHead = Omit<BodyOf<typeof tokens>, 'agreement' | 'first'>;

/** Tokens of some records, the first of which has that position. */
export function postTokens(
  work: Work,
  { queryId, signed, agreement }: SetQuestion,
  head: TokensHead,
  some: { readonly first: number; readonly letter: number; readonly bytes: Uint8Array },
): void {
  work.post(tokens, {
    to: soleParty(agreement, 'aggregator'),
    queryId,
    body: { agreement: signed.hash, ...head, first: some.first },
    attachment: some.bytes,
    chunk: some.letter,
  });
}

/** What people approved: in one size, however many records it is. */
export function postRelease(
  work: Work,
  { queryId, signed, agreement }: SetQuestion,
  sealing: BodyOf<typeof release>['sealing'],
  released: { readonly records: number; readonly bytes: Uint8Array },
): void {
  work.post(release, {
    to: soleParty(agreement, 'aggregator'),
    queryId,
    body: { agreement: signed.hash, sealing, records: released.records },
    attachment: released.bytes,
    chunk: 0,
  });
}

/** How far this holder is. `answered` once all its tokens have left. */
export function postProgress(
  work: Work,
  { queryId, agreement }: SetQuestion,
  { stage, percent }: { readonly stage: SetStage; readonly percent: number },
): void {
  const answered = stage === 'combining' || stage === 'approving' ? 1 : 0;
  work.post(progress, {
    to: soleParty(agreement, 'aggregator'),
    queryId,
    body: { answered, set: { stage, percent } },
  });
}
