// A party's entry in the directory: its keys, signed by its own identity key. The operator admits entries and can change
// nothing in them (docs/protocol.md section 5).
import { z } from 'zod';
import { bytesText, compactJws, instant, sha256Text } from './encodings.js';
import { partyId, partyKind } from './party.js';

/** A public key with its id (RFC 7638 thumbprint) and the time in which it may be used. */
export const publishedKey = z
  .strictObject({ kid: sha256Text, key: bytesText(32), from: instant, until: instant })
  .refine(({ from, until }) => from < until, 'must begin before it ends');
export type PublishedKey = z.infer<typeof publishedKey>;

const keys = z.array(publishedKey).min(1).max(8);

export const directoryEntry = z.strictObject({
  type: z.literal('anonymesh/entry/v1'),
  id: partyId,
  kind: partyKind,
  name: z.string().min(1).max(200),
  serial: z.int().min(1),
  /** Ed25519 public key whose thumbprint is the fingerprint that agreements pin. */
  identity: bytesText(32),
  signing: keys,
  sealing: keys,
  /** X25519 keys of the blind combination: holders only. */
  mask: z.array(publishedKey).max(8),
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
export const directoryFile = z.strictObject({ admission: compactJws, entries: z.array(compactJws).max(2000) });
export type DirectoryFile = z.infer<typeof directoryFile>;
