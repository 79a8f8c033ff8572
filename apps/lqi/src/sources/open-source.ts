// Opens the back end that a holder's config names.
import { readFileSync } from 'node:fs';
import { openJsonl } from './jsonl.js';
import { openMongodb } from './mongodb.js';
import { openMysql } from './mysql.js';
import { openPostgres } from './postgres.js';
import type { SourceConfig } from './source-config.js';
import type { Source } from './source.js';
import { openSqlite } from './sqlite.js';

/**
 * Does not need the database to be there yet: until it is, statements are `unavailable`. Throws where its connection string
 * and its TLS do not go together.
 */
export function openSource(config: SourceConfig): Source {
  switch (config.kind) {
    case 'postgres':
      return openPostgres(readUrl(config.url), config.tls);
    case 'mysql':
      return openMysql(readUrl(config.url), config.tls);
    case 'sqlite':
      return openSqlite(config.file);
    case 'mongodb':
      return openMongodb(readUrl(config.url), config.database, config.tls);
    case 'jsonl':
      return openJsonl(config.folder, config.index);
  }
}

function readUrl(file: string): string {
  return readFileSync(file, 'utf8').trim();
}
