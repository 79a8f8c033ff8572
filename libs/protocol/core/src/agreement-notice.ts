// What somebody knows of one agreement: the document, who has signed it, and what each party's node says of it. Every part
// is signed by whom it is of, so that it may come late, twice, in any order and through anybody.
import { z } from 'zod';
import { agreement } from './agreement.js';
import { compactJws } from './encodings.js';
import { partyId } from './party.js';

export const agreementNotice = z.strictObject({
  agreement,
  /** Each party's signature over its hash. */
  signatures: z.record(partyId, compactJws).refine((all) => Object.keys(all).length <= 100, 'too many'),
  /** The latest of each party. */
  statuses: z.array(compactJws).max(100),
});
export type AgreementNotice = z.infer<typeof agreementNotice>;
