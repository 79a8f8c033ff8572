// The one gate through which a holder's word on a query leaves: a masked flag with its explanation, or a refusal, of one
// size and on a fixed time grid. It is committed with its cause, and with a row of the disclosure log: the same query only
// ever gets the same bytes.
import { maskFlag } from '@anonymesh/blind';
import type { Self, Work } from '@anonymesh/courier';
import {
  base64url,
  commonFields,
  deadlinesOf,
  soleParty,
  type Agreement,
  type QueryId,
  type RefusalCode,
} from '@anonymesh/protocol';
import { answer, refusal } from '@anonymesh/protocol-answering';
import { commonFieldBytes } from '@anonymesh/protocol-asking';
import type { Mark } from '../disclosing/marks.js';
import type { CheckQuestion, Question } from '../inbound/question.js';
import type { Finding } from '../questions/finding.js';
import { disclose, disclosureOf, markOf, unreadDisclosureOf } from './disclose.js';
import { explain } from './explain.js';
import type { PairSecretCache } from './pair-secrets.js';
import { keepForAuditor } from './testify.js';

export interface Gate {
  readonly self: Self;
  readonly pairSecrets: PairSecretCache;
  /** By which the disclosure log is searched for a person. */
  readonly mark: Mark;
  /** Milliseconds between two times at which answers leave. */
  readonly releaseEvery: number;
}

/** Releases the answer to a question, in the transaction that marks it answered. */
export async function releaseAnswer(gate: Gate, work: Work, question: CheckQuestion, finding: Finding): Promise<void> {
  const { queryId, agreement, verified, fields, maskKeys } = question;
  const agreementHash = verified.manifest.agreement;
  const context = {
    queryId,
    agreementHash,
    commonFields: commonFieldBytes(fields, commonFields(agreement)),
    keyIds: maskKeys.ids,
  };
  const { masked, check } = maskFlag({
    self: gate.self.id,
    flag: finding.concern,
    combination: agreement.combination,
    context,
    ...gate.pairSecrets(maskKeys),
  });
  const enclosure = await explain(gate.self, question, finding);
  const to = soleParty(agreement, 'aggregator');
  const at = nextRelease(gate);
  disclose(work, disclosureOf(question, { kind: 'answer', to, at, ...markOf(question, gate.mark) }));
  const { words: signed } = work.post(
    answer,
    {
      to,
      queryId,
      body: { agreement: agreementHash, masked: base64url(masked), check: base64url(check) },
      enclosure,
      issuedAt: at,
    },
    at,
  );
  keepForAuditor(work, agreement, { queryId, signed, keptUntil: deadlinesOf(verified.manifest, agreement).erasure });
}

/**
 * Releases a refusal, which looks like an answer to everyone but the aggregator. `question`: what was refused, where it
 * could be read.
 */
export function releaseRefusal(
  gate: Gate,
  work: Work,
  queryId: QueryId,
  agreement: { readonly hash: string; readonly content: Agreement },
  code: RefusalCode,
  question?: Question,
): void {
  const to = soleParty(agreement.content, 'aggregator');
  const at = nextRelease(gate);
  const leaving = { kind: 'refusal', to, at, code } as const;
  disclose(
    work,
    question === undefined
      ? unreadDisclosureOf(queryId, gate.self.id, agreement, leaving)
      : disclosureOf(question, { ...leaving, ...markOf(question, gate.mark) }),
  );
  const { words: signed } = work.post(
    refusal,
    { to, queryId, body: { agreement: agreement.hash, code }, issuedAt: at },
    at,
  );
  const keptUntil = deadlinesOf({ issuedAt: at }, agreement.content).erasure;
  keepForAuditor(work, agreement.content, { queryId, signed, keptUntil });
}

/** Whether a word to the aggregator can be sealed: it may have left the mesh, or have no key that is still in use. */
export function canBeTold({ self }: Gate, agreement: Agreement): boolean {
  return self.directory.sealingKey(soleParty(agreement, 'aggregator'), Date.now()) !== undefined;
}

/** When it leaves, and what it says of when it was signed: how long the holder's database took stands in neither. */
function nextRelease({ releaseEvery }: Gate): number {
  return Math.ceil(Date.now() / releaseEvery) * releaseEvery;
}
