// explain: the portal asks the aggregator for a decided query's signed outcome and the holders' signed answers with
// their explanations. The explanations are sealed twice: the aggregator hands on what it cannot read.
import { compactJwe, compactJws, declare } from '@anonymesh/protocol';
import { z } from 'zod';

export const explain = declare({
  name: 'explain',
  version: 1,
  vocabulary: 'answering',
  hops: [{ from: 'portal', to: 'aggregator' }],
  carried: 'reply',
  aboutQuery: true,
  body: z.strictObject({}),
  reply: z.strictObject({
    /** The letter `outcome`, as its aggregator signed it. */
    outcome: compactJws,
    /** The letters `answer`, as their holders signed them, each with what it enclosed. */
    answers: z.array(z.strictObject({ signed: compactJws, explanation: compactJwe })).max(64),
  }),
});
