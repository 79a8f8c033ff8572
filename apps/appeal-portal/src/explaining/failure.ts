// Why an appeal is not explained: for our own count and log. Outside, every failure is the same, or a guesser would learn
// from the difference which part of the guess was right.

/** The reference, and the query that lies under it: whoever guesses gets no further than these. */
const guessed = [
  'reference-malformed',
  'identity-malformed',
  'nothing-found',
  'manifest-refused',
  'agreement-unknown',
  'agreement-not-signed',
  'requester-not-pinned',
  'portal-not-pinned',
  'manifest-differs',
  'slip-differs',
  'another-person',
] as const;

/** Of the person's own query: the outcome, and what explains it. */
const ownQuery = [
  'not-decided',
  'outcome-refused',
  'outcome-differs',
  'answer-refused',
  'answer-differs',
  'answers-missing',
  'explanation-not-opened',
  'explanation-of-another-person',
  'masks-do-not-conclude',
  'flags-do-not-conclude',
] as const;

/** `unavailable`: the mesh cannot be reached. `faulty`: a fault of our own. */
export const failureCodes = [...guessed, ...ownQuery, 'unavailable', 'faulty'] as const;
export type FailureCode = (typeof failureCodes)[number];

/** Whether it counts as a guess. What bytes that somebody chose could cause counts; what is not the person's doing does not. */
export function isGuess(code: FailureCode): boolean {
  return code === 'faulty' || guessed.some((each) => each === code);
}
