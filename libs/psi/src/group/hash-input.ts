// The first half of H, by which a key becomes a point of the group. The tag holds the query ID: what one query has
// computed says nothing about the same person in another.
import type { QueryId } from '@anonymesh/protocol';
import { uniformBytes } from './engine.js';
import { expandMessage } from './expand-message.js';

/** 64 uniform bytes of an input of H in this query: what an engine's `hash` and `hashAndMultiply` take. */
export function uniformOf(queryId: QueryId, input: Uint8Array): Uint8Array {
  const domain = Buffer.from(`anonymesh-psi-v1-${queryId}-ristretto255_XMD:SHA-512_R255MAP_RO_`, 'latin1');
  return expandMessage(input, domain, uniformBytes);
}
