// testimony: what a holder's log shows of a query that is over, beside the letter and sealed to the agreement's auditor. It
// has one size, and one comes of every holder, whatever it said: the aggregator, who passes it on, learns nothing by it.
import { declare, mostTestimonyBytes, sha256Text } from '@anonymesh/protocol';
import { z } from 'zod';

export const testimony = declare({
  name: 'testimony',
  version: 1,
  vocabulary: 'answering',
  hops: [{ from: 'holder', to: 'aggregator' }],
  carried: 'stream',
  aboutQuery: true,
  attaches: { most: mostTestimonyBytes },
  size: 1024,
  body: z.strictObject({ agreement: sha256Text }),
});
