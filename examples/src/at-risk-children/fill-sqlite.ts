// Writes one holder's sample database: its schema, and every row in a single transaction.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { atRiskChildren } from './folder.js';

/** Creates the SQLite database `file` with a schema of this example; `fill` adds the rows. */
export function fillSqlite(file: string, schema: string, fill: (database: DatabaseSync) => void): void {
  const database = new DatabaseSync(file);
  try {
    // No journal: a half-written file is in a folder that nobody reads and is thrown away (records.ts).
    database.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF');
    database.exec('BEGIN');
    database.exec(readFileSync(join(atRiskChildren, schema), 'utf8'));
    fill(database);
    database.exec('COMMIT');
  } finally {
    database.close();
  }
}
