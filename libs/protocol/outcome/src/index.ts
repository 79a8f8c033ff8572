// What may be told, to whom.
export { outcome, outcomeCode, outcomeWord, type OutcomeCode, type OutcomeWord } from './outcome.js';
export { receipt } from './receipt.js';
export { lettersOf, matches, slotBytes } from './matches.js';
