// By default knex writes the bound values, which can be a person's, into its errors, and logs past our logger.
import type { Knex } from 'knex';

/** For every knex of the mesh: spread it into the options. */
export const quiet: Knex.Config = {
  compileSqlOnError: false,
  log: { warn: discard, error: discard, deprecate: discard, debug: discard },
};

function discard(): void {
  // What knex would log also rejects the query that it belongs to.
}
