// The retraction: what a requester signs when it takes a query back. It names the query, so that it is good for no other,
// and is shown to every party as it was signed: who relays it can neither make one nor change one (docs/protocol.md
// section 11).
import { z } from 'zod';
import { canonicalBytes } from './canonical.js';
import { compactJws, instant } from './encodings.js';
import { clockTolerance } from './envelope/open.js';
import { parseJson, signJws } from './envelope/sign.js';
import { verifyBySigner, type FindSigner } from './envelope/signer.js';
import type { SigningKey } from './envelope/signing-key.js';
import { verifyManifest, type VerifiedManifest } from './manifest.js';
import { partyId } from './party.js';
import { queryId } from './query-id.js';
import type { RefusalCode } from './refusal.js';

const retractionType = 'anonymesh-retraction';

export const retraction = z.strictObject({
  type: z.literal('anonymesh/retraction/v1'),
  queryId,
  requester: partyId,
  issuedAt: instant,
});
export type Retraction = z.infer<typeof retraction>;

/** A retraction signed by its requester, as it travels. */
export const signedRetraction = compactJws;

export function signRetraction(content: Retraction, by: SigningKey): Promise<string> {
  return signJws(canonicalBytes(retraction.parse(content)), retractionType, by);
}

/** How the keys of those who signed are found, by key id. */
export interface RetractionKeys {
  /** Keys that are valid now: only they take a query back. */
  readonly now: FindSigner;
  /** Keys that are or were valid: the manifest may be as old as its query. */
  readonly ever: FindSigner;
}

/** The manifest of the query that is taken back, if its own requester signed both; otherwise why not. */
export function verifyRetraction(
  signed: { readonly manifest: string; readonly retraction: string },
  keys: RetractionKeys,
  now: number,
): VerifiedManifest | RefusalCode {
  const verified = verifyManifest(signed.manifest, keys.ever);
  if (typeof verified === 'string') return verified;
  const taken = verifyBySigner(signed.retraction, retractionType, keys.now);
  if (typeof taken === 'string') return taken;
  const { signer } = taken;
  const parsed = retraction.safeParse(parseJson(taken.payload));
  if (!parsed.success || !canonicalBytes(parsed.data).equals(taken.payload)) return 'malformed';
  const { requester } = verified;
  if (signer.kind !== 'requester' || signer.id !== requester.id || signer.identity !== requester.identity)
    return 'wrong-sender';
  if (parsed.data.requester !== requester.id) return 'wrong-sender';
  if (parsed.data.queryId !== verified.queryId) return 'query-differs';
  return parsed.data.issuedAt > now + clockTolerance ? 'from-the-future' : verified;
}
