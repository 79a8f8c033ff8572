// Where a holder's records are, in its config file.
import { path, secretFile } from '@anonymesh/runtime';
import { z } from 'zod';

const url = secretFile().describe(
  'Holds the connection string, for that holds a password. It should name an account that only reads.',
);

export const sourceConfig = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('postgres'), url }),
  /** MySQL or MariaDB. */
  z.strictObject({ kind: z.literal('mysql'), url }),
  z.strictObject({ kind: z.literal('sqlite'), file: path().describe('The SQLite file; it is opened to be read.') }),
  z.strictObject({ kind: z.literal('mongodb'), url, database: z.string().min(1).describe('The database’s name.') }),
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
