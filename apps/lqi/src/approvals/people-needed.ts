// How many people at this holder must approve a query before anything of it is evaluated, and until when. What they
// decide can say nothing about the answer: there is none yet.
import { decisionsBy, type HolderTerms } from '@anonymesh/protocol';
import type { Question } from '../inbound/question.js';

const people: Readonly<Record<HolderTerms['approval'], number>> = {
  none: 0,
  'each query': 1,
  'each query by two people': 2,
};

export function peopleNeeded({ approval }: Pick<HolderTerms, 'approval'>): number {
  return people[approval];
}

/** Milliseconds since 1970. What is not approved by then is refused, or not released. */
export function decideBy({ due, verified }: Pick<Question, 'due' | 'verified'>): number {
  return decisionsBy(verified.manifest, due);
}
