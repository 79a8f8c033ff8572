// Makes the holders' sample records once, keeps them in a cache, and gives each holder a copy of its own and no other's.

import { join } from 'node:path';
import { giveCopy, prepareOnce, type RecordCache } from '../writing/record-cache.js';
import { writeResidents } from './council.js';
import { writeClaimants } from './dwp.js';
import { writeTaxpayers } from './hmrc.js';
import { claimants, residents, taxpayers } from './holdings.js';
import type { RightToRemainHolder } from './samples.js';

/** To be raised with every change of what is generated (records.spec.ts notices), so that old caches are not used. */
const generation = 1;

/** Enough that every holder, none of which knows everybody, has more than 100,000 people. */
export const everybody = 112_000;

export const recordFiles: Readonly<Record<RightToRemainHolder, string>> = {
  hmrc: 'hmrc.sqlite',
  dwp: 'claims.jsonl',
  council: 'council.sqlite',
};

/** Generates the records into a folder below `cacheFolder`, if they are not there yet: some seconds of processor. */
export function prepareRecords(cacheFolder: string, population = everybody): Promise<RecordCache> {
  return prepareOnce(cacheFolder, `right-to-remain-${generation}-${population}`, (folder) => {
    writeTaxpayers(join(folder, recordFiles.hmrc), taxpayers(population));
    writeClaimants(join(folder, recordFiles.dwp), claimants(population));
    writeResidents(join(folder, recordFiles.council), residents(population));
  });
}

/** Puts a fresh copy of one holder's file into its data folder and returns the copy's path. */
export function copyRecords(cache: RecordCache, holder: RightToRemainHolder, dataFolder: string): Promise<string> {
  return giveCopy(cache, recordFiles[holder], dataFolder);
}
