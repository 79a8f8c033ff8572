// Which requests to join were used: beside the directory, for a party that was removed must not come back by an old one.
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { named } from '../telling/no.js';

export interface Used {
  has(jws: string): boolean;
  add(jws: string): void;
}

/** `directory`: its file. */
export function openUsed(directory: string): Used {
  const file = `${directory}.used-requests`;
  const hashOf = (jws: string) => createHash('sha256').update(jws).digest('base64url');
  const known = new Set(existsSync(file) ? named(() => readFileSync(file, 'utf8')).split('\n') : []);
  return {
    has: (jws) => known.has(hashOf(jws)),
    add: (jws) => named(() => appendFileSync(file, `${hashOf(jws)}\n`)),
  };
}
