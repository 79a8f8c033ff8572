// The dialect that ours is built on; knex ships no declaration for it.
declare module 'knex/lib/dialects/better-sqlite3/index.js' {
  import type { Knex } from 'knex';
  export default class BetterSqlite3 extends Knex.Client {
    _driver(): unknown;
    _formatBindings(bindings: readonly unknown[] | undefined): import('node:sqlite').SQLInputValue[];
  }
}
