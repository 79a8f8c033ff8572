// Which mask key of each holder is in force for one query: all holders must be told the same, or their masks do not
// cancel and the query is `refer`.
import { z } from 'zod';
import { sha256Text } from '../encodings.js';
import { partyId } from '../party.js';

export const keysInForce = z.record(partyId, sha256Text);
export type KeysInForce = z.infer<typeof keysInForce>;
