// What limits a question at a holder: of its requester, of its agreement, and of the person, whom only a holder knows
// and whom it counts by a keyed mark. All versions of an agreement are counted together.
import { deadlinesOf, type AtMost, type RefusalCode } from '@anonymesh/protocol';
import type { Counted, Use } from '@anonymesh/store';
import type { Question } from '../inbound/question.js';

/** `mark`: of the person, undefined where nobody is named. `now`: when it is taken up, milliseconds since 1970. */
export function limitsOf(question: Question, mark: string | undefined, now: number): Use {
  const { agreement, verified, queryId } = question;
  const { perRequester, perAgreement } = agreement.limits ?? {};
  const perSubject = question.kind === 'check' ? question.agreement.limits?.perSubject : undefined;
  const of = (name: string, limit: AtMost | undefined) =>
    limit === undefined ? [] : [{ name, most: limit.most, within: limit.withinSeconds * 1000 }];
  return {
    id: queryId,
    at: now,
    keptUntil: deadlinesOf(verified.manifest, agreement).erasure,
    counters: [
      ...of(`requester ${agreement.id} ${verified.manifest.requester}`, perRequester),
      ...of(`agreement ${agreement.id}`, perAgreement),
      ...(mark === undefined ? [] : of(`${subjectPrefix(mark)}${agreement.id}`, perSubject)),
    ],
  };
}

/** With which the names of all counters of a person begin. */
export function subjectPrefix(mark: string): string {
  return `subject ${mark} `;
}

const codes: Readonly<Record<string, RefusalCode>> = {
  requester: 'requester-limit',
  agreement: 'agreement-limit',
  subject: 'subject-limit',
};

export function overCode({ over }: Extract<Counted, object>): RefusalCode {
  return codes[over.name.split(' ')[0] ?? ''] ?? 'agreement-limit';
}
