// Puts a file in the place of the one that is there, whole or not at all: somebody may be reading it.
import { renameSync, writeFileSync } from 'node:fs';
import { named } from './telling/no.js';

/** Throws a No of kind `usage` where the folder cannot be written to. */
export function replaceFile(file: string, text: string, mode = 0o666): void {
  named(() => writeFileSync(`${file}.new`, text, { mode }));
  renameSync(`${file}.new`, file);
}
