// What limits a question at a holder: of its requester, of its agreement, and of the person, whom only a holder knows
// and whom it counts by a keyed mark.
import { deadlinesOf, limitsOf, limitTo, type AskingLimit } from '@anonymesh/protocol';
import type { Use } from '@anonymesh/store';
import type { Question } from '../inbound/question.js';

/** `mark`: of the person, undefined where nobody is named. `now`: when it is taken up, milliseconds since 1970. */
export function useOf(question: Question, mark: string | undefined, now: number): Use<AskingLimit> {
  const { agreement, verified, queryId } = question;
  return {
    id: queryId,
    at: now,
    keptUntil: deadlinesOf(verified.manifest, agreement).erasure,
    counters: [...limitsOf(agreement, verified.manifest.requester), ...limitsOfPerson(question, mark)],
  };
}

function limitsOfPerson({ kind, agreement }: Question, mark: string | undefined): AskingLimit[] {
  if (kind === 'set' || mark === undefined) return [];
  return limitTo(agreement.limits?.perSubject, {
    name: `${subjectPrefix(mark)}${agreement.id}`,
    code: 'subject-limit',
  });
}

/** With which the names of all counters of a person begin. */
export function subjectPrefix(mark: string): string {
  return `subject ${mark} `;
}
