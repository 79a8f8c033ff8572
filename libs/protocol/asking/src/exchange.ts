// exchange: one chunk of a holder's list on its way round the ring of holders. Its points are blinded by their owner, so
// that a hop learns how many there are and nothing else; they travel beside the letter, 32 bytes each.
import { declare, partyId, sha256Text } from '@anonymesh/protocol';
import { z } from 'zod';

/** Points in every chunk but the last: one of each is hidden there by the list's owner, to know honest hops by. */
export const pointsInChunk = 4096;

export const exchange = declare({
  name: 'exchange',
  version: 1,
  vocabulary: 'asking',
  hops: [{ from: 'holder', to: 'holder' }],
  carried: 'stream',
  aboutQuery: true,
  attaches: { most: pointsInChunk * 32 },
  body: z.strictObject({
    agreement: sha256Text,
    /** Whose list it is. */
    owner: partyId,
    /** Points of the whole list, the control and the hidden ones among them: fixed by its first chunk. */
    points: z.int().min(18).max(67_125_254),
  }),
});
