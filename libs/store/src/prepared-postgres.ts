// knex's dialect for PostgreSQL with statements that the server parses and plans once for each connection: an app has a
// few dozen of them and runs them thousands of times. A pooler between app and server must know prepared statements.
import PostgresDialect from 'knex/lib/dialects/postgres/index.js';
import { createHash } from 'node:crypto';

/** Statements with more bindings have a different text each time: lists of ids, many rows at once. */
const mostBindings = 20;

export class PreparedPostgres extends PostgresDialect {
  override _query(connection: unknown, query: StatementToRun): Promise<unknown> {
    const bindings = query.bindings?.length ?? 0;
    if (bindings === 0 || bindings > mostBindings) return super._query(connection, query);
    query.options = { ...query.options, name: nameOf(query.sql) };
    return super._query(connection, query);
  }
}

const names = new Map<string, string>();

function nameOf(sql: string): string {
  const known = names.get(sql);
  if (known !== undefined) return known;
  const name = createHash('sha256').update(sql).digest('base64url').slice(0, 32);
  names.set(sql, name);
  return name;
}

interface StatementToRun {
  readonly sql: string;
  readonly bindings?: readonly unknown[];
  options?: { readonly name?: string };
}
