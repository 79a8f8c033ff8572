// The examples' sample records and documents, for the sandbox and the tests.

export { rightToRemain } from './right-to-remain/folder.js';
export { copyRecords, prepareRecords, recordFiles } from './right-to-remain/records.js';
export { applicant, samples, type RightToRemainHolder, type Sample } from './right-to-remain/samples.js';
export { expectedMatches, type Asked, type ExpectedMatches } from './at-risk-children/expected-matches.js';
export { atRiskChildren } from './at-risk-children/folder.js';
export { childrenFiles, copyChildren, prepareChildren } from './at-risk-children/records.js';
export { askedSince } from './at-risk-children/seasons.js';
export { exampleSizes, type AtRiskHolder, type Sizes } from './at-risk-children/sizes.js';
export type { RecordCache } from './writing/record-cache.js';
export { nhsNumberAt } from './at-risk-children/nhs-number.js';
