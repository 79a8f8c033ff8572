// outcome: what the aggregator concluded, for the requester. It travels sealed end to end inside the relay's envelope.
import { declare, sha256Text } from '@anonymesh/protocol';
import { z } from 'zod';

export const outcomeWord = z.enum(['clear', 'concern', 'refer']);
export type OutcomeWord = z.infer<typeof outcomeWord>;

/** Why the outcome is what it is, as far as a requester may know: never who. */
export const outcomeCode = z.enum(['all-answered', 'not-all-answered', 'holder-refused', 'answers-disagree']);
export type OutcomeCode = z.infer<typeof outcomeCode>;

export const outcome = declare({
  name: 'outcome',
  version: 1,
  vocabulary: 'outcome',
  hops: [{ from: 'aggregator', to: 'requester' }],
  carried: 'inside',
  aboutQuery: true,
  body: z
    .strictObject({
      agreement: sha256Text,
      outcome: outcomeWord,
      answered: z.int().min(0).max(64),
      holders: z.int().min(2).max(64),
      code: outcomeCode,
    })
    .refine(({ outcome, code }) => (outcome === 'refer') === (code !== 'all-answered'), 'outcome and code differ')
    .refine(({ outcome, answered, holders }) => outcome === 'refer' || answered === holders, 'decided without all'),
});
