// The decision: holders' masked words become one outcome. Pure, and the only place where they are put together. It is
// never `clear` unless every holder of the agreement has answered.
import { combine } from '@anonymesh/blind';
import type { CheckAgreement, RefusalCode } from '@anonymesh/protocol';
import type { OutcomeCode, OutcomeWord } from '@anonymesh/protocol-outcome';

/** One holder's word: a masked flag with its check, or a refusal. */
export type Word =
  | { readonly kind: 'answer'; readonly masked: Uint8Array; readonly check: Uint8Array }
  | { readonly kind: 'refusal'; readonly code: RefusalCode };

export interface Decision {
  readonly outcome: OutcomeWord;
  readonly answered: number;
  readonly code: OutcomeCode;
  /** Of a set query that ends in `released`. */
  readonly people?: number;
}

/** What the words give; undefined while some are missing and there is time. `words`: at most one of each holder. */
export function decide(
  agreement: Pick<CheckAgreement, 'holders' | 'combination'>,
  words: readonly Word[],
  isDue: boolean,
): Decision | undefined {
  const holders = agreement.holders.length;
  if (words.length < holders && !isDue) return undefined;
  const answers = words.filter((word) => word.kind === 'answer');
  const answered = answers.length;
  if (words.length < holders) return { outcome: 'refer', answered, code: 'not-all-answered' };
  if (answered < holders) {
    const refusals = words.flatMap((word) => (word.kind === 'refusal' ? [word.code] : []));
    return { outcome: 'refer', answered, code: codeOfRefusals(refusals) };
  }
  const combined = combine(answers, holders, agreement.combination);
  return 'outcome' in combined
    ? { outcome: combined.outcome, answered, code: 'all-answered' }
    : { outcome: 'refer', answered, code: 'answers-disagree' };
}

const limits: readonly RefusalCode[] = ['requester-limit', 'agreement-limit', 'subject-limit'];

/** What the requester can do something about is told before the rest. All of it follows from what it asked, not from a record. */
export function codeOfRefusals(refusals: readonly RefusalCode[]): OutcomeCode {
  if (refusals.includes('would-isolate')) return 'would-isolate';
  return refusals.some((code) => limits.includes(code)) ? 'limit-reached' : 'holder-refused';
}
