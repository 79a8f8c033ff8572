// How many people at this holder must approve a query before anything of it is evaluated, and until when. What they
// decide can say nothing about the answer: there is none yet.
import type { HolderTerms } from '@anonymesh/protocol';
import type { Question } from '../inbound/question.js';

const people: Readonly<Record<HolderTerms['approval'], number>> = {
  none: 0,
  'each query': 1,
  'each query by two people': 2,
};

export function peopleNeeded({ approval }: Pick<HolderTerms, 'approval'>): number {
  return people[approval];
}

/** What is decided later would come too late: this much of the time is kept for evaluation and the answer's way. */
const shareOfTime = 0.1;
const mostTime = 5000;

/** Milliseconds since 1970. What is not approved by then is refused, or not released. */
export function decideBy({ due, verified }: Pick<Question, 'due' | 'verified'>): number {
  return due - Math.min(mostTime, (due - verified.manifest.issuedAt) * shareOfTime);
}
