// The manifest: what a requester signs when it asks. It names no person; holders and the sealed parts they get are in it
// by hash, so that no coordinator can invent, split, mix or shorten a query (docs/protocol.md section 3).
import { z } from 'zod';
import { canonicalBytes } from './canonical.js';
import { bytesText, compactJws, instant, sha256Text, x25519Text } from './encodings.js';
import { signJws, parseJson } from './envelope/sign.js';
import { verifyBySigner, wasRevoked, type FindSigner, type Signer } from './envelope/signer.js';
import type { SigningKey } from './envelope/signing-key.js';
import { partyId } from './party.js';
import { queryIdOf, type QueryId } from './query-id.js';
import type { RefusalCode } from './refusal.js';

const manifestType = 'anonymesh-manifest';

const asked = {
  nonce: bytesText(16),
  requester: partyId,
  agreement: sha256Text,
  role: z.string().min(1).max(64),
  issuedAt: instant,
  /** One for each holder of the agreement: SHA-256 of the part that is sealed to it. */
  parts: z
    .array(z.strictObject({ holder: partyId, hash: sha256Text }))
    .min(2)
    .max(64),
};

const checkManifest = z.strictObject({
  type: z.literal('anonymesh/check/v1'),
  ...asked,
  slip: sha256Text,
  lookupId: bytesText(16),
  /** X25519 public key of this one query. */
  queryKey: x25519Text,
});
export type CheckManifest = z.infer<typeof checkManifest>;

/** Nobody is asked about: there is no slip, and nothing to look it up by. */
const setManifest = z.strictObject({ type: z.literal('anonymesh/set/v1'), ...asked });
export type SetManifest = z.infer<typeof setManifest>;

export const manifest = z.discriminatedUnion('type', [checkManifest, setManifest]);
export type Manifest = z.infer<typeof manifest>;

/** A manifest signed by its requester, as it travels. */
export const signedManifest = compactJws;

export interface VerifiedManifest<Content extends Manifest = Manifest> {
  readonly manifest: Content;
  readonly queryId: QueryId;
  readonly requester: Omit<Signer, 'key' | 'revokedAt'>;
}

export function signManifest(content: Manifest, by: SigningKey): Promise<string> {
  return signJws(canonicalBytes(manifest.parse(content)), manifestType, by);
}

/** The manifest, if its requester signed it in its one canonical form. Time, agreement and parts are the caller's. */
export function verifyManifest(jws: string, find: FindSigner): VerifiedManifest | RefusalCode {
  const verified = verifyBySigner(jws, manifestType, find);
  if (typeof verified === 'string') return verified;
  const { signer } = verified;
  const parsed = manifest.safeParse(parseJson(verified.payload));
  if (!parsed.success) return 'malformed';
  if (!canonicalBytes(parsed.data).equals(verified.payload)) return 'malformed';
  if (signer.kind !== 'requester' || signer.id !== parsed.data.requester) return 'wrong-sender';
  if (wasRevoked(signer, parsed.data.issuedAt)) return 'key-revoked';
  const requester = { id: signer.id, kind: signer.kind, identity: signer.identity };
  return { manifest: parsed.data, queryId: queryIdOf(parsed.data), requester };
}
