// What may be told, to whom.
export { outcome, outcomeCode, outcomeWord, type OutcomeCode, type OutcomeWord } from './outcome.js';
