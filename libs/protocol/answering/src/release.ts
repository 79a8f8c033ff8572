// release: the records that people at a holder approved, sealed for the requester. It has one size, however many there are,
// and its subject and look tell nothing of a refusal.
import { declare, mostListBytes, sha256Text, x25519Text } from '@anonymesh/protocol';
import { z } from 'zod';

export const release = declare({
  name: 'release',
  version: 1,
  vocabulary: 'answering',
  hops: [{ from: 'holder', to: 'aggregator' }],
  carried: 'stream',
  aboutQuery: true,
  attaches: { most: mostListBytes },
  size: 2048,
  body: z.strictObject({
    agreement: sha256Text,
    sealing: z.strictObject({ enc: x25519Text, to: sha256Text }),
    /** How many records are beside the letter; what follows them is padding. */
    records: z.int().min(0).max(10_000),
  }),
});
