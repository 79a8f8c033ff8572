// The examples' sample records and documents, for the sandbox and the tests.

export { rightToRemain } from './right-to-remain/folder.js';
export { copyRecords, prepareRecords, recordFiles, type RecordCache } from './right-to-remain/records.js';
export { applicant, samples, type RightToRemainHolder, type Sample } from './right-to-remain/samples.js';
