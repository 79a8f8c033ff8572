export { agreeWith, type PairSecrets } from './agree.js';
export { combine, type Combined } from './combine.js';
export { type Combination, conclude, type Conclusion } from './combination.js';
export type { MaskContext } from './context.js';
export { type MaskedFlag, maskFlag, type MaskInput } from './mask.js';
