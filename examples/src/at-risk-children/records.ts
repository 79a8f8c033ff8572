// Makes the sample records of the children once, keeps them in a cache, and gives each holder a copy of its own only.

import { join } from 'node:path';
import { giveCopy, prepareOnce, type RecordCache } from '../writing/record-cache.js';
import { patientRecords, writePatients } from './health-trust.js';
import { metChildren, writeMetChildren } from './police.js';
import { pupils, writePupils } from './schools.js';
import { sizesOf, type AtRiskHolder, type Sizes } from './sizes.js';

/** To be raised with every change of what is generated (records.spec.ts notices), so that old caches are not used. */
const generation = 1;

export const childrenFiles: Readonly<Record<AtRiskHolder, string>> = {
  'health-trust': 'children.jsonl',
  police: 'police.db',
  schools: 'schools.db',
};

/**
 * Generates the records into a folder below `cacheFolder`, if they are not there yet. Rejects with a RangeError for sizes
 * that contradict each other.
 */
export async function prepareChildren(cacheFolder: string, given: Partial<Sizes> = {}): Promise<RecordCache> {
  const sizes = sizesOf(given);
  const { healthTrust, police, schools, common, belowThreshold } = sizes;
  const name = [generation, healthTrust, police, schools, common, belowThreshold].join('-');
  return prepareOnce(cacheFolder, `at-risk-children-${name}`, (folder) => {
    writePatients(join(folder, childrenFiles['health-trust']), patientRecords(sizes));
    writeMetChildren(join(folder, childrenFiles.police), metChildren(sizes));
    writePupils(join(folder, childrenFiles.schools), pupils(sizes));
  });
}

/** Puts a fresh copy of one holder's file into its data folder and returns the copy's path. */
export function copyChildren(cache: RecordCache, holder: AtRiskHolder, dataFolder: string): Promise<string> {
  return giveCopy(cache, childrenFiles[holder], dataFolder);
}
