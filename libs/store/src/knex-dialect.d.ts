// The dialects that ours are built on; knex ships no declarations for them.
declare module 'knex/lib/dialects/better-sqlite3/index.js' {
  import type { Knex } from 'knex';
  export default class BetterSqlite3 extends Knex.Client {
    _driver(): unknown;
    _formatBindings(bindings: readonly unknown[] | undefined): import('node:sqlite').SQLInputValue[];
  }
}

declare module 'knex/lib/dialects/postgres/index.js' {
  import type { Knex } from 'knex';
  export default class Postgres extends Knex.Client {
    _query(connection: unknown, query: object): Promise<unknown>;
  }
}
