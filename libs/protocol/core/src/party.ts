// Parties of the mesh: their ids and their kinds.
import { z } from 'zod';

/** A party's id: also a token of a subject and a name of a folder, so nothing but lower-case letters, digits, hyphens. */
export const partyId = z.string().regex(/^[a-z][a-z0-9-]{1,30}$/, 'must be a party id');
export type PartyId = z.infer<typeof partyId>;

export const partyKind = z.enum(['requester', 'coordinator', 'holder', 'aggregator', 'portal']);
export type PartyKind = z.infer<typeof partyKind>;
