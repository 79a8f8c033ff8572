export { agreeWith, type PairSecrets } from './agree.js';
export { combine, type Combined, type ReferCode, referCodes } from './combine.js';
export { type Combination, conclude, type Conclusion, requireCombination } from './combination.js';
export type { MaskContext } from './context.js';
export { type MaskedFlag, maskFlag, type MaskInput } from './mask.js';
