// The first half of H, by which a key becomes a point of the group. The tag holds the query ID: what one query has
// computed says nothing about the same person in another.
import type { QueryId } from '@anonymesh/protocol';
import { uniformBytes } from './engine.js';
import { expandMany, expandMessage } from './expand-message.js';

/** 64 uniform bytes of an input of H in this query: what an engine's `hash` and `hashAndMultiply` take. */
export function uniformOf(queryId: QueryId, input: Uint8Array): Uint8Array {
  return expandMessage(input, domainOf(queryId), uniformBytes);
}

/** The same of many inputs, each written into `into` at `at`. */
export function uniformsOf(queryId: QueryId): (input: Uint8Array, into: Buffer, at: number) => void {
  return expandMany(domainOf(queryId));
}

function domainOf(queryId: QueryId): Buffer {
  return Buffer.from(`anonymesh-psi-v1-${queryId}-ristretto255_XMD:SHA-512_R255MAP_RO_`, 'latin1');
}
