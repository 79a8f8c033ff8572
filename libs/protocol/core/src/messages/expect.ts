// expect: the coordinator tells the aggregator that answers to this query will come.
import { z } from 'zod';
import { signedManifest } from '../manifest.js';
import { declare } from '../message.js';

export const expect = declare({
  name: 'expect',
  version: 1,
  vocabulary: 'core',
  hops: [{ from: 'coordinator', to: 'aggregator' }],
  carried: 'stream',
  aboutQuery: true,
  body: z.strictObject({ manifest: signedManifest }),
});
