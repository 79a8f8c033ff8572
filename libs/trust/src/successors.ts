// Where the next key of a kind lies: beside the file that the config names, under that name with the number of the entry
// that publishes it, `signing.pem` and `signing.2.pem`. So a node finds it without a word in its config.
import { readdirSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';

/** `serial`: of the entry in which the key is published first. */
export function successorOf(file: string, serial: number): string {
  const extension = extname(file);
  return `${file.slice(0, file.length - extension.length)}.${serial}${extension}`;
}

/** Whether a file of that name, in the same folder, is a successor of that key file. */
export function isSuccessorOf(file: string, name: string): boolean {
  const extension = extname(file);
  const stem = basename(file, extension);
  if (!name.startsWith(`${stem}.`) || !name.endsWith(extension)) return false;
  return /^[1-9]\d{0,9}$/.test(name.slice(stem.length + 1, name.length - extension.length));
}

/** The file, and its successors. */
export function withSuccessors(file: string): string[] {
  const names = readdirSync(dirname(file)).filter((name) => isSuccessorOf(file, name));
  return [file, ...names.map((name) => join(dirname(file), name))];
}
