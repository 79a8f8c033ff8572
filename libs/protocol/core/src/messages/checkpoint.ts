// checkpoint: what a party says of its own evidence log, with proofs that it continues what it said before, and its
// cosignature of the receiver's. It tells nothing of any entry.
import { z } from 'zod';
import { bytesText, sha256Text } from '../encodings.js';
import { declare, type Hop } from '../message.js';
import { partyKind } from '../party.js';

/** Those that take durable messages. There is one coordinator and one aggregator: neither writes to itself. */
const receivers = ['requester', 'coordinator', 'holder', 'aggregator'] as const;
const size = z.int().min(0);

const hops: Hop[] = receivers.flatMap((to) =>
  partyKind.options
    .filter((from) => from !== to || from === 'requester' || from === 'holder')
    .map((from) => ({ from, to })),
);

export const checkpoint = declare({
  name: 'checkpoint',
  version: 1,
  vocabulary: 'core',
  hops,
  carried: 'stream',
  aboutQuery: false,
  body: z.strictObject({
    /** The note, signed by its log alone; none where the log has no entry yet. */
    checkpoint: z.string().min(1).max(1000).optional(),
    /** That its tree begins with an earlier one: the last that was told, and the last that came back cosigned. */
    proofs: z.array(z.strictObject({ from: size, path: z.array(sha256Text).max(64) })).max(2),
    /** Of the receiver's log: of which size, and the cosignature's key id, time and signature. */
    cosigned: z.strictObject({ size, signature: bytesText(76) }).optional(),
  }),
});
