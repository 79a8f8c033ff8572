// Makes the sample records of the children once, keeps them in a cache, and gives each holder a copy of its own only.

import { randomUUID } from 'node:crypto';
import { constants, existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
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

/** A folder that holds all holders' files. */
export type ChildrenCache = { readonly folder: string };

/**
 * Generates the records into a folder below `cacheFolder`, if they are not there yet. Several processes may do so at
 * once, and may be killed while they do: the folder appears whole or not at all. Throws a RangeError for sizes that
 * contradict each other.
 */
export async function prepareChildren(cacheFolder: string, given: Partial<Sizes> = {}): Promise<ChildrenCache> {
  const sizes = sizesOf(given);
  const { healthTrust, police, schools, common, belowThreshold } = sizes;
  const name = [generation, healthTrust, police, schools, common, belowThreshold].join('-');
  const folder = join(cacheFolder, `at-risk-children-${name}`);
  if (existsSync(folder)) return { folder };
  const unfinished = `${folder}.${randomUUID()}`;
  await mkdir(unfinished, { recursive: true, mode: 0o700 });
  try {
    writePatients(join(unfinished, childrenFiles['health-trust']), patientRecords(sizes));
    writeMetChildren(join(unfinished, childrenFiles.police), metChildren(sizes));
    writePupils(join(unfinished, childrenFiles.schools), pupils(sizes));
    await rename(unfinished, folder);
  } catch (cause) {
    await rm(unfinished, { recursive: true, force: true });
    if (cause instanceof RangeError) throw cause;
    // Somebody else finished first: their records are the same as ours.
    if (!existsSync(folder)) throw new Error('the sample records could not be written', { cause });
  }
  return { folder };
}

/** Puts a fresh copy of one holder's file into its data folder and returns the copy's path. Replaces an older copy. */
export async function copyChildren(cache: ChildrenCache, holder: AtRiskHolder, dataFolder: string): Promise<string> {
  const file = childrenFiles[holder];
  const copy = join(dataFolder, file);
  const unfinished = `${copy}.${randomUUID()}`;
  await mkdir(dataFolder, { recursive: true, mode: 0o700 });
  await copyFile(join(cache.folder, file), unfinished, constants.COPYFILE_FICLONE);
  await chmod(unfinished, 0o600);
  await rename(unfinished, copy);
  return copy;
}
