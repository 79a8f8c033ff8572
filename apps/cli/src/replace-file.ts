// Puts a file in the place of the one that is there, whole or not at all: somebody may be reading it, and the machine may
// stop at any moment.
import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { named } from './telling/no.js';

/** Throws a No of kind `usage` where the folder cannot be written to. */
export function replaceFile(file: string, text: string, mode = 0o666): void {
  const next = `${file}.${randomBytes(6).toString('hex')}.new`; // another command may be replacing the same
  try {
    named(() => writeFileSync(next, text, { mode, flag: 'wx', flush: true }));
    named(() => renameSync(next, file));
  } catch (error) {
    rmSync(next, { force: true });
    throw error;
  }
  const folder = openSync(dirname(file), 'r');
  fsyncSync(folder);
  closeSync(folder);
}
