// The released records of a set query, as the API gives them.
import { queryId } from '@anonymesh/protocol';
import { z } from 'zod';

export const recordList = z.object({
  queryId,
  /** How many people the holders have in common; each may have a record at every holder. */
  people: z.int(),
  /** Records that did not open: their holder is at fault, and should be told. */
  unreadable: z.int(),
  records: z.array(
    z.object({
      holder: z.string(),
      holderName: z.string(),
      fields: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
    }),
  ),
});
export type RecordList = z.infer<typeof recordList>;
