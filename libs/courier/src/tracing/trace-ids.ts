// In which trace a span stands. All that one party does for one query is one trace, in all copies and after restarts, by
// an id that nobody else can compute: two parties' traces have nothing in common by which somebody could join them
// (docs/decisions/0030).
import { createHmac, randomBytes } from 'node:crypto';
import type { QueryId } from '@anonymesh/protocol';

/** 16 bytes in hexadecimal, by HMAC-SHA256 under that secret. */
export function traceIds(secret: Buffer): (query: QueryId | undefined) => string {
  return (query) =>
    query === undefined
      ? randomBytes(16).toString('hex')
      : createHmac('sha256', secret).update(query).digest('hex').slice(0, 32);
}
