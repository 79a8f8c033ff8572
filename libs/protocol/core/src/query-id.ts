// The query ID: 128 bits that everyone recomputes from the manifest and nobody can choose (docs/protocol.md section 3).
import { z } from 'zod';
import { canonicalBytes, sha256 } from './canonical.js';

/** 32 lower-case hexadecimal digits. */
export const queryId = z.string().regex(/^[0-9a-f]{32}$/, 'must be a query id');
export type QueryId = z.infer<typeof queryId>;

/** The first 128 bits of SHA-256 of the canonical manifest. */
export function queryIdOf(manifest: object): QueryId {
  return sha256(canonicalBytes(manifest)).subarray(0, 16).toString('hex');
}
