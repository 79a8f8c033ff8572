// receipt: which sealed testimonies, of all holders and of the aggregator, there are about a query, as the aggregator signed
// it for the requester. They travel beside the relayed letter; nobody on their way opens them.
import { declare, sha256Text } from '@anonymesh/protocol';
import { z } from 'zod';

export const receipt = declare({
  name: 'receipt',
  version: 1,
  vocabulary: 'outcome',
  hops: [{ from: 'aggregator', to: 'requester' }],
  carried: 'inside',
  aboutQuery: true,
  size: 6144,
  body: z.strictObject({
    agreement: sha256Text,
    /** SHA-256 of each: of the holders in order of their ids, and last of the aggregator. */
    testimonies: z.array(sha256Text).min(3).max(65),
  }),
});
