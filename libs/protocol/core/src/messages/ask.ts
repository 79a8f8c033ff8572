// ask: a requester hands the coordinator a signed manifest and, sealed to others, the parts and the slip.
import { z } from 'zod';
import { compactJwe } from '../encodings.js';
import { signedManifest } from '../manifest.js';
import { declare } from '../message.js';
import { partyId } from '../party.js';

export const ask = declare({
  name: 'ask',
  version: 1,
  vocabulary: 'core',
  hops: [{ from: 'requester', to: 'coordinator' }],
  carried: 'reply',
  aboutQuery: true,
  body: z.strictObject({
    manifest: signedManifest,
    parts: z
      .array(z.strictObject({ holder: partyId, sealed: compactJwe }))
      .min(2)
      .max(64),
    /** A set query has none. */
    slip: compactJwe.optional(),
  }),
  reply: z.strictObject({ admitted: z.literal(true) }),
});
