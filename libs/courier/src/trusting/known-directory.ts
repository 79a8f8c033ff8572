// The last good directory, as this party has seen it, in its own store: whoever puts yesterday’s file in the place of
// today’s, or leaves a party’s newest entry out of it, brings no key back that was revoked, and no party that was removed.
import { parseJson } from '@anonymesh/protocol';
import type { Migration } from '@anonymesh/store';
import type { Knex } from 'knex';
import { z } from 'zod';

export interface KnownDirectory {
  /** The newest admission, as the operator signed it. */
  readonly admission: string;
  /** Entries of all parties that were ever admitted, as they signed them: those worth keeping. */
  readonly entries: readonly string[];
}

export const knownDirectoryTables: Migration = {
  name: 'known-directory-1',
  async up(transaction) {
    await transaction.schema.createTable('known_directory', (table) => {
      table.integer('id').primary();
      table.text('admission').notNullable();
      table.text('entries').notNullable();
    });
  },
};

const only = 1;
const texts = z.array(z.string());

/** Locked until the transaction ends; undefined before the first time. */
export async function holdKnown(transaction: Knex.Transaction): Promise<KnownDirectory | undefined> {
  const row = await transaction('known_directory')
    .where({ id: only })
    .forUpdate()
    .first<{ admission: string; entries: string }>();
  return row && { admission: row.admission, entries: texts.parse(parseJson(Buffer.from(row.entries))) };
}

export async function saveKnown(transaction: Knex.Transaction, { admission, entries }: KnownDirectory): Promise<void> {
  const row = { id: only, admission, entries: JSON.stringify(entries) };
  await transaction('known_directory').insert(row).onConflict('id').merge();
}
