// Who goes on with a set query: the copy of this app that has its files. A copy's folder has a name of its own, drawn once,
// that the store's rows carry.
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isNativeError } from 'node:util/types';

/** In the folder. */
export const keeperFile = 'keeper';

/** The folder's name: 32 hexadecimal digits. Makes the folder where it is not there. */
export function keeperOf(folder: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, keeperFile);
  try {
    writeFileSync(file, randomBytes(16).toString('hex'), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    const isThere = isNativeError(error) && 'code' in error && error.code === 'EEXIST';
    if (!isThere) throw error;
  }
  const name = readFileSync(file, 'utf8').trim();
  if (!/^[0-9a-f]{32}$/.test(name)) throw new Error('the folder has a name that is none');
  return name;
}
