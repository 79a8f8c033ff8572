// tokens: some of a holder's records for the aggregator, in a secret order: tags that can be compared with the other
// holders', gates, and envelopes that open only by others' gates (docs/protocol.md section 10).
import { bytesText, declare, partyId, sha256Text, x25519Text } from '@anonymesh/protocol';
import { z } from 'zod';

/** Bytes of the tokens beside a letter, at most. */
export const mostTokenBytes = 384 * 1024;

/** What every holder must find alike: if they do not, they did not use the same keys, and nothing can be said. */
const control = z.strictObject({
  tag: bytesText(16),
  /** For each other holder: the gate that it gives to open ours, and the gate that we give to open its. */
  gates: z
    .array(z.strictObject({ holder: partyId, given: bytesText(16), opens: bytesText(16) }))
    .min(1)
    .max(8),
});
export type Control = z.infer<typeof control>;

export const tokens = declare({
  name: 'tokens',
  version: 1,
  vocabulary: 'answering',
  hops: [{ from: 'holder', to: 'aggregator' }],
  carried: 'stream',
  aboutQuery: true,
  attaches: { most: mostTokenBytes },
  body: z.strictObject({
    agreement: sha256Text,
    /** Records of the whole set, with those that stand for none: fixed by the first letter. */
    records: z.int().min(16).max(16_777_216),
    /** Position of the first of these. */
    first: z.int().min(0).max(16_777_215),
    control,
    /** Where records are released: HPKE's encapsulated key, and the id of the requester's key that it is for. */
    sealing: z.strictObject({ enc: x25519Text, to: sha256Text }).optional(),
  }),
});
