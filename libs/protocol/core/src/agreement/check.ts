// The agreement of a check: about which person holders may be asked, and what becomes of their flags.
import { z } from 'zod';
import { askingLimits, commonTerms, fieldName, holderTerms, subjectLimits } from './terms.js';

export const combination = z.union([z.enum(['any', 'all']), z.strictObject({ atLeast: z.int().min(1).max(64) })]);
export type Combination = z.infer<typeof combination>;

export const checkShape = z.strictObject({
  ...commonTerms,
  kind: z.literal('check'),
  subjectKey: fieldName,
  holders: z.array(holderTerms).min(2).max(64),
  combination,
  limits: z.strictObject({ ...subjectLimits, ...askingLimits }).optional(),
  tellsSubject: z.strictObject({
    concerns: z.literal(true),
    /** Holders say that they have a concern, and not which. */
    reasons: z.literal(false).optional(),
    /** An embargo: nothing is explained sooner than so many seconds after the answers were due. */
    afterSeconds: z
      .int()
      .min(1)
      .max(90 * 86_400)
      .optional(),
  }),
});
export type CheckAgreement = z.infer<typeof checkShape>;

/** How many holders must have a concern for the outcome to be `concern`. */
export function concernsThatCount({ combination, holders }: Pick<CheckAgreement, 'combination' | 'holders'>): number {
  if (typeof combination === 'object') return combination.atLeast;
  return combination === 'any' ? 1 : holders.length;
}
