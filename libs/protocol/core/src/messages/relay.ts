// What the coordinator relays: a letter from one end to the other, signed and sealed end to end. To the coordinator and
// the broker it is opaque; only who opens it speaks its vocabulary.
import { z } from 'zod';
import { compactJwe } from '../encodings.js';
import { declare, largestAttachment } from '../message.js';
import { partyId } from '../party.js';

const sealedLetter = z.strictObject({ sealed: compactJwe });
/**
 * So long that the relay's own letter still has its size, whatever the ids of those it names: what fitted into the first
 * letter and not into the second would come again for ever. What is sealed inside is padded, and never as long.
 */
const sealedUpTo = (most: number) => z.strictObject({ sealed: compactJwe.max(most) });

/** Of all that the aggregator tells the requester. */
const fromAggregator = {
  vocabulary: 'core',
  hops: [
    { from: 'aggregator', to: 'coordinator' },
    { from: 'coordinator', to: 'requester' },
  ],
  carried: 'stream',
  aboutQuery: true,
  body: sealedLetter,
} as const;

/** An outcome, sealed by the aggregator to the requester. */
export const relayOutcome = declare({
  name: 'outcome',
  version: 1,
  ...fromAggregator,
  size: 4096,
  body: sealedUpTo(2600),
});

/** Some of the records that a set query released, sealed by the aggregator to the requester. */
export const relayMatches = declare({
  name: 'matches',
  version: 1,
  ...fromAggregator,
});

/** Testimonies about a query, each sealed to the auditor: beside a letter that the aggregator sealed to the requester. */
export const relayReceipt = declare({
  name: 'receipt',
  version: 1,
  ...fromAggregator,
  attaches: { most: largestAttachment },
  size: 16 * 1024,
  body: sealedUpTo(11 * 1024),
});

/** A subject's wish for a new check, sealed by the portal to the requester. */
export const relayRecheck = declare({
  name: 'recheck',
  version: 1,
  vocabulary: 'core',
  hops: [
    { from: 'portal', to: 'coordinator' },
    { from: 'coordinator', to: 'requester' },
  ],
  carried: 'stream',
  aboutQuery: true,
  body: sealedLetter.extend({ requester: partyId }),
});
