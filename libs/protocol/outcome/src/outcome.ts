// outcome: what the aggregator concluded, for the requester. It travels sealed end to end inside the relay's envelope.
import { declare, sha256Text } from '@anonymesh/protocol';
import { z } from 'zod';

export const outcomeWord = z.enum(['clear', 'concern', 'refer', 'released', 'retracted']);
export type OutcomeWord = z.infer<typeof outcomeWord>;

/** Why the outcome is what it is, as far as a requester may know: never who. */
export const outcomeCode = z.enum([
  'all-answered',
  'not-all-answered',
  'holder-refused',
  // by a holder that has answered as much as was agreed, or to which the query and an earlier one tell too much
  'limit-reached',
  'would-isolate',
  'answers-disagree',
  // the requester has taken the query back
  'retracted',
  // of set queries
  'set-too-large',
  'set-unfit',
  'set-changed',
  'too-many-matches',
  'too-few-matches',
]);
export type OutcomeCode = z.infer<typeof outcomeCode>;

/** Where the outcome is what it is because of an answer that is missing. */
const partial: ReadonlySet<OutcomeCode> = new Set([
  'not-all-answered',
  'holder-refused',
  'limit-reached',
  'would-isolate',
  'set-too-large',
  'set-unfit',
  'set-changed',
  'retracted',
]);

export const outcome = declare({
  name: 'outcome',
  version: 1,
  vocabulary: 'outcome',
  hops: [{ from: 'aggregator', to: 'requester' }],
  carried: 'inside',
  aboutQuery: true,
  // The coordinator relays it and sees how long it is: `clear` and `concern` must be equally long.
  size: 1280,
  body: z
    .strictObject({
      agreement: sha256Text,
      outcome: outcomeWord,
      answered: z.int().min(0).max(64),
      holders: z.int().min(2).max(64),
      code: outcomeCode,
      /** Of a set query that ended in `released`: how many people the holders have in common. */
      people: z.int().min(0).max(80_000).optional(),
    })
    .refine(({ outcome, people }) => (outcome === 'released') === (people !== undefined), 'people without a release')
    .refine(({ outcome, code }) => codeFits(outcome, code), 'outcome and code differ')
    .refine(({ code, answered, holders }) => answered <= holders && partial.has(code) === answered < holders, {
      error: 'code and answers differ',
    })
    // Whatever had been answered was dropped with the query.
    .refine(({ code, answered }) => code !== 'retracted' || answered === 0, 'answers to a query that was retracted'),
});

function codeFits(outcome: OutcomeWord, code: OutcomeCode): boolean {
  if (outcome === 'retracted' || code === 'retracted') return outcome === code;
  return (outcome === 'refer') === (code !== 'all-answered');
}
