// How much a holder keeps about one person, as its node tells it: counts, and nothing of what it is.
import { z } from 'zod';

export const kept = z.object({
  disclosures: z.int(),
  remembered: z.int(),
  counted: z.int(),
  reasons: z.int(),
  openable: z.int(),
  open: z.int(),
});
export type Kept = z.infer<typeof kept>;
