// A holder's word, by query ID.
export { answer, refusal } from './answer.js';
export { openExplanation, sealExplanation, type Explanation } from './explanation.js';
export { explain } from './explain.js';
