// How a party asks to be let into a mesh: its entry, and a request for a certificate, signed by its identity for that mesh
// alone and for some days. It holds public halves only; whose it is, people compare by the fingerprint.
import {
  bytesText,
  canonicalBytes,
  compactJws,
  instant,
  parseJson,
  signJws,
  verifyJws,
  type SigningKey,
} from '@anonymesh/protocol';
import { z } from 'zod';
import { verifyEntry, type VerifiedEntry } from './entry.js';
import { identityKey } from './fingerprint.js';

const type = 'anonymesh-join';

export const joinRequest = z.strictObject({
  type: z.literal('anonymesh/join/v1'),
  /** The public key of the operator of the mesh that it is for. */
  operator: bytesText(32),
  entry: compactJws,
  /** PKCS #10, PEM. */
  certificateRequest: z.string().max(8192),
  /** Random: no two requests are the same. */
  nonce: bytesText(16),
  issuedAt: instant,
  until: instant,
});
export type JoinRequest = z.infer<typeof joinRequest>;

export interface VerifiedRequest extends JoinRequest {
  readonly verified: VerifiedEntry;
}

/** What is wrong with a request. `tampered`: not signed, as it stands, by the identity in its entry. */
export type JoinFault = 'malformed' | 'tampered' | 'other-mesh' | 'too-old' | 'from-the-future';

/** Milliseconds by which clocks may differ. */
const tolerance = 300_000;

export function signJoinRequest(content: JoinRequest, identity: SigningKey): Promise<string> {
  return signJws(canonicalBytes(joinRequest.parse(content)), type, identity);
}

/** `operator`: of one's own mesh, base64url. `now`: milliseconds since 1970. */
export function verifyJoinRequest(jws: string, operator: string, now: number): VerifiedRequest | JoinFault {
  const claimed = joinRequest.safeParse(parseJson(Buffer.from(jws.split('.', 2)[1] ?? '', 'base64url')));
  if (!claimed.success) return 'malformed';
  const verified = verifyEntry(claimed.data.entry);
  if (verified === undefined) return 'tampered';
  const key = identityKey(verified.identity);
  const signed = verifyJws(jws, type, (kid) => (kid === verified.fingerprint ? key : undefined));
  if (typeof signed === 'string' || !canonicalBytes(claimed.data).equals(signed.payload)) return 'tampered';
  if (claimed.data.operator !== operator) return 'other-mesh';
  if (claimed.data.issuedAt > now + tolerance) return 'from-the-future';
  return claimed.data.until <= now ? 'too-old' : { ...claimed.data, verified };
}
