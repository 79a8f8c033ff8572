// The first half of H, by which a key becomes a point of the group. The tag holds the query ID: what one query has
// computed says nothing about the same person in another.
import type { QueryId } from '@anonymesh/protocol';
import { uniformBytes, type Digests } from './engine.js';
import { expandMany, expandMessage } from './expand-message.js';

/** 64 uniform bytes of an input of H in this query: what an engine's `hash` and `hashAndMultiply` take. */
export function uniformOf(queryId: QueryId, input: Uint8Array): Uint8Array {
  return expandMessage(input, domainOf(queryId), uniformBytes);
}

/** The same of many inputs, packed: `items` and `ends` as an engine's `digests` takes them. */
export function uniformsOf(queryId: QueryId, items: Uint8Array, ends: Uint32Array, digests: Digests): Uint8Array {
  return expandMany(domainOf(queryId), items, ends, digests);
}

function domainOf(queryId: QueryId): Buffer {
  return Buffer.from(`anonymesh-psi-v1-${queryId}-ristretto255_XMD:SHA-512_R255MAP_RO_`, 'latin1');
}
