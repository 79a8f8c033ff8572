// dispatch: the coordinator hands one holder the manifest, its own sealed part and the ids of the mask keys in force.
import { z } from 'zod';
import { compactJwe } from '../encodings.js';
import { signedManifest } from '../manifest.js';
import { declare } from '../message.js';
import { keysInForce } from './keys-in-force.js';

export const dispatch = declare({
  name: 'dispatch',
  version: 1,
  vocabulary: 'core',
  hops: [{ from: 'coordinator', to: 'holder' }],
  carried: 'stream',
  aboutQuery: true,
  body: z.strictObject({ manifest: signedManifest, part: compactJwe, maskKeys: keysInForce }),
});
