// A party's entry in the directory: its keys, signed by its own identity key. The operator admits entries and can change
// nothing in them (docs/protocol.md section 5).
import { z } from 'zod';
import { bytesText, compactJws, instant, longJws, sha256Text, x25519Text } from './encodings.js';
import { partyId, partyKind } from './party.js';
import { shownName } from './shown-text.js';

/**
 * A public key with its id (RFC 7638 thumbprint) and the time in which it may be used; `revokedAt`: since when it may be in
 * other hands. From then on it signs, opens and masks nothing, and no later entry can take that back.
 */
const published = <Key extends z.ZodType<string>>(key: Key) =>
  z
    .strictObject({ kid: sha256Text, key, from: instant, until: instant, revokedAt: instant.optional() })
    .refine(({ from, until }) => from < until, 'must begin before it ends')
    .refine(({ from, revokedAt = from }) => from <= revokedAt, 'cannot be revoked before it begins');

/** An Ed25519 key to sign with. */
const signingKey = published(bytesText(32));
/** An X25519 key to seal to, or to derive masks from. */
const agreeingKey = published(x25519Text);
export type PublishedKey = z.infer<typeof signingKey>;

export const directoryEntry = z.strictObject({
  type: z.literal('anonymesh/entry/v1'),
  id: partyId,
  kind: partyKind,
  name: shownName(200),
  serial: z.int().min(1),
  /** Ed25519 public key whose thumbprint is the fingerprint that agreements pin. */
  identity: bytesText(32),
  signing: z.array(signingKey).min(1).max(8),
  sealing: z.array(agreeingKey).min(1).max(8),
  /** X25519 keys of the blind combination: holders only. */
  mask: z.array(agreeingKey).max(8),
  /** Public nkey of the broker account. */
  broker: z.string().regex(/^U[A-Z2-7]{55}$/, 'must be a public nkey of a user'),
});
export type DirectoryEntry = z.infer<typeof directoryEntry>;

/** Who is admitted, signed by the operator: ids and identity fingerprints, nothing else. */
export const admission = z.strictObject({
  type: z.literal('anonymesh/admission/v1'),
  serial: z.int().min(1),
  issuedAt: instant,
  admitted: z.array(z.strictObject({ id: partyId, identity: sha256Text })).max(2000),
});
export type Admission = z.infer<typeof admission>;

/** The directory as it is distributed. */
export const directoryFile = z.strictObject({ admission: longJws, entries: z.array(compactJws).max(2000) });
export type DirectoryFile = z.infer<typeof directoryFile>;
