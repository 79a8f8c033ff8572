// Makes the holders' sample records once, keeps them in a cache, and gives each holder a copy of its own and no other's.

import { randomUUID } from 'node:crypto';
import { constants, existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
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

/** A folder that holds all holders' files. */
export type RecordCache = { readonly folder: string };

/**
 * Generates the records into a folder below `cacheFolder`, if they are not there yet: some seconds of processor.
 * Several processes may do so at once, and may be killed while they do: the folder appears whole or not at all.
 */
export async function prepareRecords(cacheFolder: string, population = everybody): Promise<RecordCache> {
  const folder = join(cacheFolder, `right-to-remain-${generation}-${population}`);
  if (existsSync(folder)) return { folder };
  const unfinished = `${folder}.${randomUUID()}`;
  await mkdir(unfinished, { recursive: true, mode: 0o700 });
  try {
    writeTaxpayers(join(unfinished, recordFiles.hmrc), taxpayers(population));
    writeClaimants(join(unfinished, recordFiles.dwp), claimants(population));
    writeResidents(join(unfinished, recordFiles.council), residents(population));
    await rename(unfinished, folder);
  } catch (cause) {
    await rm(unfinished, { recursive: true, force: true });
    // Somebody else finished first: their records are the same as ours.
    if (!existsSync(folder)) throw new Error('the sample records could not be written', { cause });
  }
  return { folder };
}

/** Puts a fresh copy of one holder's file into its data folder and returns the copy's path. Replaces an older copy. */
export async function copyRecords(
  cache: RecordCache,
  holder: RightToRemainHolder,
  dataFolder: string,
): Promise<string> {
  const file = recordFiles[holder];
  const copy = join(dataFolder, file);
  const unfinished = `${copy}.${randomUUID()}`;
  await mkdir(dataFolder, { recursive: true, mode: 0o700 });
  await copyFile(join(cache.folder, file), unfinished, constants.COPYFILE_FICLONE);
  await chmod(unfinished, 0o600);
  await rename(unfinished, copy);
  return copy;
}
