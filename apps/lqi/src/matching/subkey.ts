// Keys that follow from a query's seed, each for one use: they are forgotten with it.
import { lengthPrefixed, type QueryId } from '@anonymesh/protocol';
import { hkdfSync } from 'node:crypto';

/** 32 bytes of HKDF-SHA512 (RFC 5869), the query ID as salt, the length-prefixed labels as info. */
export function subkeyOf(seed: Uint8Array, queryId: QueryId, ...labels: readonly string[]): Buffer {
  return Buffer.from(hkdfSync('sha512', seed, Buffer.from(queryId, 'hex'), lengthPrefixed(...labels), 32));
}
