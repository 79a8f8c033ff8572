// Why an appeal is not explained: for our own count and log. Outside, every failure is the same, or a guesser would learn
// from the difference which part of the guess was right.
export const failureCodes = [
  // the reference and the query that lies under it
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
  // the outcome and what explains it
  'outcome-refused',
  'outcome-differs',
  'answer-refused',
  'answer-differs',
  'answers-missing',
  'explanation-not-opened',
  'explanation-of-another-person',
  'masks-do-not-conclude',
  'flags-do-not-conclude',
  // the mesh itself
  'not-decided',
  'unavailable',
] as const;
export type FailureCode = (typeof failureCodes)[number];
