// A part of a receipt: all that one party's log says about one query, with the proof that it says nothing else. It is
// checked offline, by that party's public keys, also when nothing is left of what the query was about.
import { bytesText, queryId, sha256Text } from '@anonymesh/protocol';
import { z } from 'zod';
import { mostRuns } from '../entries/entry.js';

const hash = bytesText(32);
const path = z.array(hash).max(64);

const proven = z.strictObject({
  /** The entry's text. */
  entry: z.string().max(20_000),
  /** That it is in the log that the checkpoint signs. */
  path,
  /** What opens it, where it is to be opened and can be. */
  salt: bytesText(16).optional(),
});

/** A leaf of a tree of queries. */
const mention = z.strictObject({
  query: queryId,
  places: z.array(z.int().min(0)).min(1).max(100_000).optional(),
  /** In place of them, where the leaf has it: of another query they need not be shown. */
  digest: sha256Text.optional(),
  index: z.int().min(0),
  path,
});

/** Of a tree of queries the query's leaf, or the two between which it would be. */
const mentions = z.array(mention).max(2);

/**
 * A piece of the log: an entry that counts, what its own stretch says of the query, and what so many of the runs before it
 * say that it lists, the last ones, in order.
 */
const stretch = z.strictObject({ counted: proven, runs: z.array(mentions).max(mostRuns).optional(), mentions });

export const part = z.strictObject({
  type: z.literal('anonymesh/evidence-part/v1'),
  query: queryId,
  checkpoint: z.string().max(64 * 1024),
  /** The entries about the query. */
  entries: z.array(proven).max(100_000),
  /** The entry that counts what was before the first piece; none where that begins the log, or the piece lists it. */
  before: proven.optional(),
  /** None where the part does not prove that the entries are all. */
  stretches: z.array(stretch).max(1_000_000),
});
export type Part = z.infer<typeof part>;
export type Proven = z.infer<typeof proven>;
export type Mention = z.infer<typeof mention>;
