// matches: records that a set query released, for the requester, sealed by their holders. The number and size of these
// letters follow from the agreement, whatever was found, so that the coordinator, who relays them, learns nothing.
import { declare, partyId, sha256Text, x25519Text, type SetAgreement } from '@anonymesh/protocol';
import { z } from 'zod';

/** Bytes of slots in one letter, at most. */
const mostSlotBytes = 20 * 1024;

export const matches = declare({
  name: 'matches',
  version: 1,
  vocabulary: 'outcome',
  hops: [{ from: 'aggregator', to: 'requester' }],
  carried: 'inside',
  aboutQuery: true,
  size: 40 * 1024,
  body: z.strictObject({
    agreement: sha256Text,
    letter: z.int().min(0).max(19_999),
    letters: z.int().min(1).max(20_000),
    /** By which the records of each holder open. */
    sealing: z.array(z.strictObject({ holder: partyId, enc: x25519Text, to: sha256Text })).max(8),
    /** base64url of packed slots (`slotBytes` each). */
    slots: z
      .string()
      .regex(/^[\w-]*$/)
      .max(Math.ceil((mostSlotBytes * 4) / 3)),
  }),
});

/** One slot: holder's index in the order of ids, from 1 (0: empty), 16 bytes salt, the record sealed (bytes + 16). */
export function slotBytes({ record }: Pick<SetAgreement, 'record'>): number {
  return 1 + 16 + record.bytes + 16;
}

/** How many slots one letter has, and how many letters a query's end has: none for a count. */
export function lettersOf(agreement: SetAgreement): { readonly slots: number; readonly letters: number } {
  const slots = Math.floor(mostSlotBytes / slotBytes(agreement));
  const all = agreement.limits.matches.most * agreement.holders.length;
  return { slots, letters: agreement.release === 'count' ? 0 : Math.ceil(all / slots) };
}
