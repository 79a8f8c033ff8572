// progress: how many holders have answered, never who.
import { z } from 'zod';
import { declare } from '../message.js';

export const progress = declare({
  name: 'progress',
  version: 1,
  vocabulary: 'core',
  hops: [
    { from: 'aggregator', to: 'coordinator' },
    { from: 'coordinator', to: 'requester' },
  ],
  carried: 'stream',
  aboutQuery: true,
  body: z.strictObject({ answered: z.int().min(0).max(64) }),
});
