// Writes one holder's sample database: its schema, and every row in a single transaction.

import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

/** Creates the SQLite database `file` with the schema in that file; `fill` adds the rows. */
export function fillSqlite(file: string, schema: string, fill: (database: DatabaseSync) => void): void {
  const database = new DatabaseSync(file);
  try {
    // No journal: a half-written file is in a folder that nobody reads and is thrown away (record-cache.ts).
    database.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF');
    database.exec('BEGIN');
    database.exec(readFileSync(schema, 'utf8'));
    fill(database);
    database.exec('COMMIT');
  } finally {
    database.close();
  }
}
