// matched: the aggregator tells a holder that a set query has ended, or, where people approve each release, which of its
// own records matched, with the gates that prove it. All holders are told at the same time, in one size.
import { declare, mostListBytes, sha256Text } from '@anonymesh/protocol';
import { z } from 'zod';

/** `ended`: with or without a result. `too-many`: above the agreed matches, and nothing was released. */
export const matchedWord = z.enum(['ended', 'too-many', 'approve']);

export const matched = declare({
  name: 'matched',
  version: 1,
  vocabulary: 'answering',
  hops: [{ from: 'aggregator', to: 'holder' }],
  carried: 'stream',
  aboutQuery: true,
  attaches: { most: mostListBytes },
  size: 2048,
  body: z.strictObject({
    agreement: sha256Text,
    word: matchedWord,
    /** How many records are listed beside the letter; what follows them is padding. */
    records: z.int().min(0).max(10_000),
  }),
});
