// How much a holder keeps about one person: counts, and nothing of what it is.
import { z } from 'zod';

export const heldAbout = z.object({
  /** Rows of the disclosure log with the person's mark. */
  disclosures: z.int(),
  /** Queries that are remembered so that no other isolates a flag. */
  remembered: z.int(),
  /** Queries that limits count. */
  counted: z.int(),
  /** Reasons that people wrote when they refused a query about the person. */
  reasons: z.int(),
  /** Entries of the log that could still be opened. */
  openable: z.int(),
  /** Queries about the person that have not ended: their sealed parts go with their end. */
  open: z.int(),
});
export type HeldAbout = z.infer<typeof heldAbout>;
