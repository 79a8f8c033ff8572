// slip: the portal asks the coordinator for the manifest and the slip that lie under a lookup id. The slip is sealed
// twice, to the portal and to the reference; the coordinator never has either key.
import { z } from 'zod';
import { bytesText, compactJwe } from '../encodings.js';
import { signedManifest } from '../manifest.js';
import { declare } from '../message.js';

export const slip = declare({
  name: 'slip',
  version: 1,
  vocabulary: 'core',
  hops: [{ from: 'portal', to: 'coordinator' }],
  carried: 'reply',
  aboutQuery: false,
  body: z.strictObject({ lookupId: bytesText(16) }),
  reply: z.strictObject({ manifest: signedManifest, slip: compactJwe }),
});
