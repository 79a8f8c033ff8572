// A holder's word, by query ID.
export { answer, refusal } from './answer.js';
export { openExplanation, sealExplanation, type Explanation } from './explanation.js';
export { explain } from './explain.js';
export { matched, matchedWord } from './matched.js';
export { release } from './release.js';
export { testimony } from './testimony.js';
export { mostTokenBytes, tokens, type Control } from './tokens.js';
