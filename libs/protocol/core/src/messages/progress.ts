// progress: how many holders have answered, never who; of a set query also how far all of them together are.
import { z } from 'zod';
import { declare } from '../message.js';

/** What holders of a set query do, one after another; `approving` only where people approve each record. */
export const setStage = z.enum(['reading', 'exchanging', 'combining', 'approving']);
export type SetStage = z.infer<typeof setStage>;

export const progress = declare({
  name: 'progress',
  version: 1,
  vocabulary: 'core',
  hops: [
    { from: 'holder', to: 'aggregator' },
    { from: 'aggregator', to: 'coordinator' },
    { from: 'coordinator', to: 'requester' },
  ],
  carried: 'stream',
  aboutQuery: true,
  body: z.strictObject({
    /** From a holder: 0, or 1 once all its tokens have left. */
    answered: z.int().min(0).max(64),
    set: z.strictObject({ stage: setStage, percent: z.int().min(0).max(100) }).optional(),
  }),
});
