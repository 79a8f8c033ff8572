// Brings a store's tables up to date, once, also when several copies of an app start together or one is killed half way:
// everything happens in one transaction that holds the lock, so there is no lock record to go stale.
import type { Knex } from 'knex';
import type { Store } from './open-store.js';

export interface Migration {
  /** Unique, and never changed once released. */
  name: string;
  up(transaction: Knex.Transaction): Promise<void>;
}

/** Applies, in order, what is not applied yet. Rejects, changing nothing, if one fails or the store is newer. */
export async function migrate(store: Store, migrations: readonly Migration[]): Promise<void> {
  await store.knex.transaction(async (transaction) => {
    // An embedded transaction holds the file's only write lock from its start.
    if (store.kind === 'postgres')
      await transaction.raw(`select pg_advisory_xact_lock(hashtext('anonymesh/migrations'))`);
    const applied = await readApplied(transaction);
    const known = new Set(migrations.map((migration) => migration.name));
    if (known.size !== migrations.length) throw new Error('two migrations have one name');
    // An older program could destroy what a newer one keeps in columns that it does not know.
    if (applied.some((name) => !known.has(name))) throw new Error('the store was migrated by a newer program');
    for (const migration of migrations.filter(({ name }) => !applied.includes(name))) {
      await migration.up(transaction);
      await transaction(table).insert({ name: migration.name, applied_at: Date.now() });
    }
  });
}

const table = 'migrations';

async function readApplied(transaction: Knex.Transaction): Promise<string[]> {
  if (!(await transaction.schema.hasTable(table))) {
    await transaction.schema.createTable(table, (columns) => {
      columns.string('name').primary();
      columns.bigInteger('applied_at').notNullable();
    });
  }
  return transaction(table).pluck('name');
}
