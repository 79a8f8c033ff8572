// Writes the two lists: a SQLite database for each holder, of as many NHS numbers each, some of them on both lists.
import { mkdir, rename, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { nhsNumberAt } from '@anonymesh/examples';
import { holders, type Holder } from '../holders.js';

export const fileOf = (holder: Holder) => `${holder}.db`;

/** How many of the lists' people are on both: one of a hundred, and a hundred at most, as an agreement would cap it. */
export function commonOf(elements: number): number {
  return Math.min(100, Math.floor(elements / 100));
}

/** The folder below `cache` with both files; made once. */
export async function prepareLists(cache: string, elements: number): Promise<string> {
  const folder = join(cache, `two-lists-${elements}`);
  if (existsSync(folder)) return folder;
  const unfinished = `${folder}.${process.pid}`;
  await mkdir(unfinished, { recursive: true });
  for (const [index, holder] of holders.entries())
    writeList(join(unfinished, fileOf(holder)), index * (elements - commonOf(elements)), elements);
  await rm(folder, { recursive: true, force: true });
  await rename(unfinished, folder);
  return folder;
}

function writeList(file: string, from: number, elements: number): void {
  const database = new DatabaseSync(file);
  try {
    database.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN');
    database.exec('CREATE TABLE listed (position INTEGER PRIMARY KEY, nhs_number TEXT NOT NULL)');
    const insert = database.prepare('INSERT INTO listed (position, nhs_number) VALUES (?, ?)');
    for (let position = 0; position < elements; position++) insert.run(position, nhsNumberAt(from + position));
    database.exec('COMMIT');
  } finally {
    database.close();
  }
}
