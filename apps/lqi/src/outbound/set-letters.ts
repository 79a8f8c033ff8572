// What leaves a holder in a set query: blinded points to the next holder; to the aggregator tokens, how far it is, and what
// people released, sealed for the requester. Each is posted in the transaction that writes down that it has left; what is
// of our own set is in the disclosure log, once for each kind: when the first of it leaves.
import type { Work } from '@anonymesh/courier';
import { progress, soleParty, type BodyOf, type PartyId, type SetStage } from '@anonymesh/protocol';
import { exchange } from '@anonymesh/protocol-asking';
import { release, tokens } from '@anonymesh/protocol-answering';
import type { SetQuestion } from '../inbound/question.js';
import { disclose, disclosureOf } from './disclose.js';

/** A chunk of a list, ours or another's, to the next in the ring. */
export function postChunk(
  work: Work,
  question: SetQuestion,
  to: PartyId,
  list: { readonly owner: PartyId; readonly points: number; readonly chunk: number; readonly bytes: Uint8Array },
): void {
  const { queryId, signed, terms } = question;
  const { owner, points, chunk, bytes } = list;
  if (owner === terms.id && chunk === 0)
    disclose(work, disclosureOf(question, { kind: 'points', to, at: Date.now(), records: points }));
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
  question: SetQuestion,
  head: TokensHead,
  some: { readonly first: number; readonly letter: number; readonly bytes: Uint8Array },
): void {
  const { queryId, signed, agreement } = question;
  const to = soleParty(agreement, 'aggregator');
  if (some.first === 0)
    disclose(work, disclosureOf(question, { kind: 'tokens', to, at: Date.now(), records: head.records }));
  work.post(tokens, {
    to,
    queryId,
    body: { agreement: signed.hash, ...head, first: some.first },
    attachment: some.bytes,
    chunk: some.letter,
  });
}

/** What people approved: in one size, however many records it is. `marks`: of each record, where it names a person. */
export function postRelease(
  work: Work,
  question: SetQuestion,
  sealing: BodyOf<typeof release>['sealing'],
  released: { readonly marks: readonly (string | undefined)[]; readonly bytes: Uint8Array },
): void {
  const { queryId, signed, agreement } = question;
  const to = soleParty(agreement, 'aggregator');
  const at = Date.now();
  const records = released.marks.length;
  disclose(work, disclosureOf(question, { kind: 'release', to, at, records }));
  for (const mark of released.marks)
    disclose(
      work,
      disclosureOf(question, { kind: 'record', to, at, records: 1, ...(mark === undefined ? {} : { mark }) }),
    );
  work.post(release, {
    to,
    queryId,
    body: { agreement: signed.hash, sealing, records },
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
