// retract: a requester takes a query back. The coordinator passes the same two signatures on to every holder and to the
// aggregator; whoever gets it before the query itself knows by the manifest which query it is, and will not take it up.
import { z } from 'zod';
import { signedManifest } from '../manifest.js';
import { declare } from '../message.js';
import { signedRetraction } from '../retraction.js';

export const retract = declare({
  name: 'retract',
  version: 1,
  vocabulary: 'core',
  hops: [
    { from: 'requester', to: 'coordinator' },
    { from: 'coordinator', to: 'holder' },
    { from: 'coordinator', to: 'aggregator' },
  ],
  carried: 'stream',
  aboutQuery: true,
  body: z.strictObject({ manifest: signedManifest, retraction: signedRetraction }),
});
