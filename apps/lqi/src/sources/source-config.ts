// Where a holder's records are, in its config file.
import { path, secretFile } from '@anonymesh/runtime';
import { z } from 'zod';

/** `url`: a file that holds the connection string, for it holds a password. It should name an account that only reads. */
export const sourceConfig = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('postgres'), url: secretFile() }),
  /** MySQL or MariaDB. */
  z.strictObject({ kind: z.literal('mysql'), url: secretFile() }),
  z.strictObject({ kind: z.literal('sqlite'), file: path() }),
  z.strictObject({ kind: z.literal('mongodb'), url: secretFile(), database: z.string().min(1) }),
  z.strictObject({
    kind: z.literal('jsonl'),
    /** Holds `<collection>.jsonl`, one document a line. */
    folder: path(),
    /** For each collection, the fields by which documents are looked up. */
    index: z.record(z.string(), z.array(z.string().min(1))).default({}),
  }),
]);
export type SourceConfig = z.infer<typeof sourceConfig>;
