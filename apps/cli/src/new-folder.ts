// A folder for what must not lie beside what was there before: keys above all.
import { mkdirSync, readdirSync } from 'node:fs';
import { named, No } from './telling/no.js';

/** One that is there and empty will do. Throws a No of kind `usage`, naming the folder, where something is in it. */
export function makeNewFolder(folder: string): void {
  named(() => mkdirSync(folder, { recursive: true, mode: 0o700 }));
  if (named(() => readdirSync(folder)).length > 0)
    throw new No('usage', `${folder}: something is in it already: name a new folder`);
}
