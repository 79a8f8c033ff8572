// Paths in a config file: relative ones start at the file's own folder, so that a party's folder can be moved whole.
// A secret is a path too; its value is in a file that nobody but the process's own user can read.
import { AsyncLocalStorage } from 'node:async_hooks';
import { statSync } from 'node:fs';
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

/** The absolute path of a file that holds a secret: it exists, and only its owner can read it. */
export function secretFile() {
  return path()
    .superRefine((file, context) => {
      const wrong = wrongWithSecret(file);
      if (wrong !== undefined) context.addIssue({ code: 'custom', message: wrong.fault, params: { fix: wrong.fix } });
    })
    .meta({ title: 'path of a file with mode 0600' });
}

function wrongWithSecret(file: string): { fault: string; fix: string } | undefined {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) return { fault: 'no such file', fix: 'create the secret, or correct the path' };
  if (!found.isFile()) return { fault: 'not a file', fix: 'name the file that holds the secret' };
  if ((found.mode & 0o177) !== 0) return { fault: 'others may use this file', fix: 'chmod 600 it' };
  return undefined;
}
