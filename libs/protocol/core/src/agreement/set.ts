// The agreement of a set query: by which keys holders' records match, what is released of those that do, and above or
// below which sizes nothing is (docs/protocol.md section 10).
import { z } from 'zod';
import { askingLimits, commonTerms, fieldFormat, fieldName, holderTerms } from './terms.js';

/** Records match if they agree on all fields of one key; a key with an empty field matches nothing. */
const key = z.strictObject({
  label: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/),
  fields: z
    .array(z.strictObject({ name: fieldName, format: fieldFormat }))
    .min(1)
    .max(8),
});
export type MatchKey = z.infer<typeof key>;

/** `count`: how many people, and nothing else. `on-match`: the records that match. `on-approval`: of those, what a person at the holder approves. */
export const releaseMode = z.enum(['count', 'on-match', 'on-approval']);
export type ReleaseMode = z.infer<typeof releaseMode>;

const setHolder = holderTerms.extend({
  /** Columns of the template's rows that a released record has. */
  releases: z.array(fieldName).max(32),
});
export type SetHolder = z.infer<typeof setHolder>;

const setCombination = z.union([z.literal('all'), z.strictObject({ atLeast: z.int().min(2).max(8) })]);
export type SetCombination = z.infer<typeof setCombination>;

export const setShape = z.strictObject({
  ...commonTerms,
  kind: z.literal('set'),
  release: releaseMode,
  combination: setCombination,
  keys: z.array(key).min(1).max(4),
  /** Bytes of a released record: all have one size. */
  record: z.strictObject({ bytes: z.int().min(64).max(4096) }),
  holders: z.array(setHolder).min(2).max(8),
  limits: z.strictObject({
    ...askingLimits,
    /** Records of one holder's set that may be new or gone since the same requester last asked: none, or so many. */
    novelty: z.strictObject({ least: z.int().min(1).max(1000), most: z.int().min(0).max(10_000) }).optional(),
    /** No holder's set is larger. */
    records: z.strictObject({ most: z.int().min(1).max(16_000_000) }),
    /** Matched people below which, and matched records of one holder above which, nothing is released. */
    matches: z.strictObject({ least: z.int().min(0).max(10_000), most: z.int().min(1).max(10_000) }),
  }),
});
export type SetAgreement = z.infer<typeof setShape>;

/** Bytes of the list that goes beside one letter where people approve each release. */
export const mostListBytes = 640 * 1024;

/** How many holders must hold a person for its records to match. */
export function holdersToMatch({ combination, holders }: Pick<SetAgreement, 'combination' | 'holders'>): number {
  return combination === 'all' ? holders.length : combination.atLeast;
}
