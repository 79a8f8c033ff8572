// Where a holder's records are, in its config file.
import { connectionString, databaseTls, path, secretFile } from '@anonymesh/runtime';
import { z } from 'zod';

const urlOf = (...schemes: readonly [string, ...string[]]) =>
  secretFile(connectionString(...schemes)).describe(
    'Holds the connection string, for that holds a password. It should name an account that only reads.',
  );

const tls = databaseTls()
  .describe(
    'By which the database server is known, and this node to it if it asks for that. Without it there is no TLS.',
  )
  .optional();

export const sourceConfig = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('postgres'), url: urlOf('postgres', 'postgresql'), tls }),
  /** MySQL or MariaDB. With TLS its machine is named, not numbered: its client compares names alone. */
  z.strictObject({ kind: z.literal('mysql'), url: urlOf('mysql', 'mariadb'), tls }),
  z.strictObject({ kind: z.literal('sqlite'), file: path().describe('The SQLite file; it is opened to be read.') }),
  z.strictObject({
    kind: z.literal('mongodb'),
    url: urlOf('mongodb', 'mongodb+srv'),
    tls,
    database: z.string().min(1).describe('The database’s name.'),
  }),
  z.strictObject({
    kind: z.literal('jsonl'),
    folder: path().describe('Holds `<collection>.jsonl`, one document a line.'),
    index: z
      .record(z.string(), z.array(z.string().min(1)))
      .default({})
      .describe('For each collection, the fields by which documents are looked up.'),
  }),
]);
export type SourceConfig = z.infer<typeof sourceConfig>;
