// recheck: a subject asks, through the portal, that the requester ask again. It travels sealed to the requester, inside
// the relay's envelope; the envelope names the query that it follows.
import { declare } from '@anonymesh/protocol';
import { z } from 'zod';

export const recheck = declare({
  name: 'recheck',
  version: 1,
  vocabulary: 'asking',
  hops: [{ from: 'portal', to: 'requester' }],
  carried: 'inside',
  aboutQuery: true,
  body: z.strictObject({ wish: z.literal('ask-again') }),
});
