// In which trace a span stands. All that one party does for one query is one trace, in all copies and after restarts, by
// an id that nobody else can compute: two parties' traces have nothing in common by which somebody could join them
// (docs/decisions/0030).
import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import type { PrivateKey, QueryId } from '@anonymesh/protocol';

const label = 'anonymesh/traces/v1';

/** 16 bytes in hexadecimal, by HMAC-SHA256 under a key from the party's signing key by HKDF (RFC 5869). */
export function traceIds({ key }: PrivateKey): (query: QueryId | undefined) => string {
  const seed = Buffer.from(key.export({ format: 'jwk' }).d ?? '', 'base64url');
  const secret = Buffer.from(hkdfSync('sha256', seed, '', label, 32));
  return (query) =>
    query === undefined
      ? randomBytes(16).toString('hex')
      : createHmac('sha256', secret).update(query).digest('hex').slice(0, 32);
}
