// What the person is shown: what was asked, by whom, what came of it, and whom to talk to. Only holders with a concern
// are named.
import { concernsThatCount } from '@anonymesh/protocol';
import { outcomeWord } from '@anonymesh/protocol-outcome';
import { z } from 'zod';
import type { Told } from './appeals.js';

export const appealInput = z.strictObject({ reference: z.string().min(1).max(64) });

export const explanationView = z.object({
  agreement: z.object({ id: z.string(), version: z.int(), title: z.string() }),
  purpose: z.string(),
  askedBy: z.string(),
  askedAt: z.iso.datetime(),
  outcome: outcomeWord,
  /** Who had one, also where it was too few for the outcome to be `concern`. */
  concerns: z.array(z.object({ holder: z.string(), reason: z.string(), contact: z.string() })),
  /** From so many concerns on the outcome is `concern`: 1, unless the agreement asks for more. */
  concernFrom: z.int(),
  /** With less than all answers nobody knows whether others have a concern. */
  answered: z.int(),
  holders: z.int(),
  /** Whether one can be asked for, has been, or has begun. */
  recheck: z.enum(['possible', 'asked', 'under-way']),
});
export type ExplanationView = z.infer<typeof explanationView>;

export const wishView = z.object({ state: z.literal('asked') });
export type WishView = z.infer<typeof wishView>;

export function viewOf({ query, outcome, explanations, recheck }: Told): ExplanationView {
  const { manifest, signed } = query;
  const { id, version, title, purpose, parties } = signed.content;
  const nameOf = (party: string) => parties.find((each) => each.id === party)?.name ?? party;
  const concerns = explanations.filter(({ concern }) => concern);
  return {
    agreement: { id, version, title },
    purpose,
    askedBy: nameOf(manifest.requester),
    askedAt: new Date(manifest.issuedAt).toISOString(),
    outcome,
    concerns: concerns.map(({ holder, reason, contact }) => ({ holder: nameOf(holder), reason, contact })),
    concernFrom: concernsThatCount(signed.content),
    answered: explanations.length,
    holders: signed.content.holders.length,
    recheck,
  };
}
