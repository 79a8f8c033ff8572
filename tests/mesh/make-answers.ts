// Holders' answers and the aggregator's outcome on paper, with real masks, so that whoever combines or audits them can be
// tested against true ones and against every kind of lie.
import { agreeWith, combine, maskFlag } from '@anonymesh/blind';
import { commonFields, signLetter, type BodyOf } from '@anonymesh/protocol';
import { answer, sealExplanation, type Explanation } from '@anonymesh/protocol-answering';
import { commonFieldBytes } from '@anonymesh/protocol-asking';
import { outcome } from '@anonymesh/protocol-outcome';
import type { SignedAgreement } from '@anonymesh/trust';
import type { Parties, Party } from './make-parties.js';
import { sealingKeyOf, type MadeQuery } from './make-query.js';

export interface MadeAnswer {
  readonly holder: string;
  readonly signed: string;
  readonly explanation: string;
  readonly masked: Buffer;
  readonly check: Buffer;
}

export interface AnswerOptions {
  readonly agreement?: SignedAgreement;
  /** Whether the holder masks that it has a concern. */
  readonly concern: boolean;
  /** Instead of what the explanation ought to say. */
  readonly explanation?: Partial<Explanation>;
  /** Instead of the true masks, base64url. */
  readonly masks?: { readonly masked: string; readonly check: string };
  /** Who signs instead of the holder. */
  readonly signer?: Party;
  /** Who signs the explanation instead of the holder. */
  readonly explainer?: Party;
}

export function makeAnswer(parties: Parties, query: MadeQuery, holder: string, options: AnswerOptions): MadeAnswer {
  const { agreement = parties.agreement, concern, signer = parties.party(holder) } = options;
  const masks = options.masks ?? maskAs(parties, query, holder, agreement, concern);
  const explanation = sealExplanation(
    {
      queryId: query.queryId,
      subjectKey: query.fields[agreement.content.subjectKey]?.reveal() ?? '',
      concern,
      reason: concern ? `${holder} found something` : '',
      contact: `appeals@${holder}.example`,
      ...options.explanation,
    },
    (options.explainer ?? signer).signing,
    { queryKey: query.queryKey.public, portal: sealingKeyOf(parties, 'appeal-portal') },
    { queryId: query.queryId, agreement: agreement.hash, holder, portal: 'appeal-portal' },
  );
  const body = { agreement: agreement.hash, ...masks };
  const letter = { from: signer.id, to: 'aggregator', queryId: query.queryId, body, enclosure: explanation };
  const [masked, check] = [masks.masked, masks.check].map((text) => Buffer.from(text, 'base64url')) as [Buffer, Buffer];
  return { holder, signed: signLetter(answer, letter, signer.signing).jws, explanation, masked, check };
}

/** One answer of each holder: `true` where it has a concern. */
export function makeAnswers(
  parties: Parties,
  query: MadeQuery,
  concerns: Readonly<Record<string, boolean>>,
): MadeAnswer[] {
  return Object.entries(concerns).map(([holder, concern]) => makeAnswer(parties, query, holder, { concern }));
}

/** The outcome that these answers give, or another, signed by the aggregator. */
export function signOutcome(
  { agreement, party }: Parties,
  query: MadeQuery,
  answers: readonly MadeAnswer[],
  { signer = party('aggregator'), queryId = query.queryId, ...changed }: OutcomeOptions = {},
): string {
  const holders = agreement.content.holders.length;
  const body = {
    agreement: agreement.hash,
    holders,
    answered: answers.length,
    ...concluded(answers, agreement),
    ...changed,
  };
  return signLetter(outcome, { from: signer.id, to: query.manifest.requester, queryId, body }, signer.signing).jws;
}

export interface OutcomeOptions extends Partial<BodyOf<typeof outcome>> {
  readonly signer?: Party;
  readonly queryId?: string;
}

function concluded(answers: readonly MadeAnswer[], { content }: SignedAgreement) {
  if (answers.length < content.holders.length) return { outcome: 'refer', code: 'not-all-answered' } as const;
  const combined = combine(answers, content.holders.length, content.combination);
  return 'refer' in combined
    ? ({ outcome: 'refer', code: 'answers-disagree' } as const)
    : ({ outcome: combined.outcome, code: 'all-answered' } as const);
}

function maskAs(parties: Parties, query: MadeQuery, self: string, { content, hash }: SignedAgreement, flag: boolean) {
  const keyIds: Record<string, string> = {};
  const pairSecrets = new Map<string, Uint8Array>();
  const own = parties.party(self).mask;
  if (own === undefined) throw new Error(`${self} has no mask key`);
  for (const { id } of content.holders) {
    const key = parties.directory.maskKey(id, Date.now());
    if (key === undefined) throw new Error(`${id} has no mask key`);
    keyIds[id] = key.kid;
    if (id !== self) pairSecrets.set(id, agreeWith(own.key, key.key));
  }
  const fields = commonFieldBytes(query.fields, commonFields(content));
  const { masked, check } = maskFlag({
    self,
    flag,
    combination: content.combination,
    context: { queryId: query.queryId, agreementHash: hash, commonFields: fields, keyIds },
    pairSecrets,
    ownMaskSecret: Buffer.from(own.key.export({ format: 'jwk' }).d ?? '', 'base64url'),
  });
  return { masked: Buffer.from(masked).toString('base64url'), check: Buffer.from(check).toString('base64url') };
}
