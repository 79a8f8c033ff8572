// Sample records are made once, kept in a cache, and given to each holder as a copy of its own and no other's.

import { randomUUID } from 'node:crypto';
import { constants, existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** A folder that holds all holders' files. */
export type RecordCache = { readonly folder: string };

/**
 * Has the folder of that name below `cacheFolder` written, if it is not there yet. Several processes may do so at once,
 * and may be killed while they do: the folder appears whole or not at all. Rejects with what `write` throws.
 */
export async function prepareOnce(
  cacheFolder: string,
  name: string,
  write: (folder: string) => void,
): Promise<RecordCache> {
  const folder = join(cacheFolder, name);
  if (existsSync(folder)) return { folder };
  const unfinished = `${folder}.${randomUUID()}`;
  await mkdir(unfinished, { recursive: true, mode: 0o700 });
  try {
    write(unfinished);
    await rename(unfinished, folder);
  } catch (cause) {
    await rm(unfinished, { recursive: true, force: true });
    if (cause instanceof RangeError) throw cause;
    // Somebody else finished first: their records are the same as ours.
    if (!existsSync(folder)) throw new Error('the sample records could not be written', { cause });
  }
  return { folder };
}

/** Puts a fresh copy of a file into a holder's data folder and returns the copy's path. Replaces an older copy. */
export async function giveCopy({ folder }: RecordCache, file: string, dataFolder: string): Promise<string> {
  const copy = join(dataFolder, file);
  const unfinished = `${copy}.${randomUUID()}`;
  await mkdir(dataFolder, { recursive: true, mode: 0o700 });
  await copyFile(join(folder, file), unfinished, constants.COPYFILE_FICLONE);
  await chmod(unfinished, 0o600);
  await rename(unfinished, copy);
  return copy;
}
