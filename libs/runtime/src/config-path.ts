// Paths in a config file: relative ones start at the file's own folder, so that a party's folder can be moved whole.
// A secret is a path too; its value is in a file that nobody but the process's own user can read.
import { AsyncLocalStorage } from 'node:async_hooks';
import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';

const folder = new AsyncLocalStorage<string>();

/** Runs `parse` with relative paths starting at `start`. */
export function withPathsFrom<Result>(start: string, parse: () => Result): Result {
  return folder.run(start, parse);
}

/** A path, made absolute. Whether anything is there is not checked. */
export function path() {
  return z
    .string()
    .min(1)
    .transform((given) => resolve(folder.getStore() ?? process.cwd(), given))
    .meta({ title: 'path' });
}

/** What is wrong with a file, and what to do; nothing of what it holds. */
export interface Wrong {
  readonly fault: string;
  readonly fix: string;
}

/** Looks at what a file holds. */
export type Look = (text: string) => Wrong | undefined;

/** The absolute path of a file that holds a secret: it exists, only its owner can read it, and `look` finds no fault. */
export function secretFile(look: Look = () => undefined) {
  return checked((file) => wrongWithSecret(file) ?? look(readFileSync(file, 'utf8'))).meta({
    title: 'path of a file with mode 0600',
  });
}

/** The absolute path of a file that exists. */
export function presentFile() {
  return checked((file) => wrongWithFile(file, 'put the file there, or correct the path'));
}

/** The absolute path of a folder that exists. */
export function presentFolder() {
  return checked((folder) => {
    const found = statSync(folder, { throwIfNoEntry: false });
    if (found === undefined) return { fault: 'no such folder', fix: 'make the folder, or correct the path' };
    return found.isDirectory() ? undefined : notFolder;
  });
}

/** The absolute path of a folder that is made where there is none. */
export function madeFolder() {
  return checked((folder) =>
    (statSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? true) ? undefined : notFolder,
  );
}

/** The absolute path of a file that is made where there is none. */
export function madeFile() {
  return checked((file) =>
    statSync(file, { throwIfNoEntry: false })?.isDirectory() === true
      ? { fault: 'a folder, and no file', fix: 'name the file in it' }
      : undefined,
  );
}

const notFolder: Wrong = { fault: 'a file, and no folder', fix: 'name a folder' };

function checked(look: (path: string) => Wrong | undefined) {
  return path().superRefine((given, context) => {
    const wrong = look(given);
    if (wrong !== undefined) context.addIssue({ code: 'custom', message: wrong.fault, params: { fix: wrong.fix } });
  });
}

function wrongWithFile(file: string, remedy: string): Wrong | undefined {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) return { fault: 'no such file', fix: remedy };
  return found.isFile() ? undefined : { fault: 'not a file', fix: 'name the file itself' };
}

function wrongWithSecret(file: string): Wrong | undefined {
  const wrong = wrongWithFile(file, 'create the secret, or correct the path');
  if (wrong !== undefined) return wrong;
  return (statSync(file).mode & 0o177) === 0 ? undefined : { fault: 'others may use this file', fix: 'chmod 600 it' };
}
