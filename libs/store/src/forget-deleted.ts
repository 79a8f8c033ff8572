// Makes what was deleted from an embedded store unreadable: SQLite's journal keeps old pages until it is written over.
import type { Store } from './open-store.js';

/** Resolves when the journal is empty, or somebody was reading and it must be done later. PostgreSQL vacuums itself. */
export async function forgetDeleted({ kind, knex }: Store): Promise<void> {
  if (kind === 'embedded') await knex.raw('pragma wal_checkpoint(truncate)');
}
