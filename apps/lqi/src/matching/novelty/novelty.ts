// Whether a set has changed by as much as it may since the same requester last asked for it. Too little tells whether
// the one record that is new is in the others' sets; too much lets new people be tried.
import type { SetAgreement } from '@anonymesh/protocol';

export type Novelty = NonNullable<SetAgreement['limits']['novelty']>;

/** `changes`: for each earlier query that is kept, the last one first, how many records are new or gone since. */
export function isTooNew({ least, most }: Novelty, changes: readonly number[]): boolean {
  const [sinceLast = 0] = changes;
  if (sinceLast > most) return true;
  // Of all, not of the last alone: another set in between would hide the record that was added.
  return changes.some((changed) => changed > 0 && changed < least);
}
