// Directory entries, signed and verified. A key is accepted only in an entry that its own identity signed.
import {
  canonicalBytes,
  directoryEntry,
  fromBase64url,
  parseJson,
  signJws,
  thumbprint,
  verifyJws,
  type DirectoryEntry,
  type SigningKey,
} from '@anonymesh/protocol';
import { fingerprintOf, identityKey } from './fingerprint.js';

const type = 'anonymesh-entry';

export interface VerifiedEntry extends DirectoryEntry {
  /** The identity's fingerprint, as agreements pin it. */
  readonly fingerprint: string;
}

export function signEntry(entry: DirectoryEntry, identity: SigningKey): Promise<string> {
  return signJws(canonicalBytes(directoryEntry.parse(entry)), type, identity);
}

/** The entry, or undefined where it is malformed, names a key by a wrong id, or its own identity did not sign it. */
export function verifyEntry(jws: string): VerifiedEntry | undefined {
  const claimed = directoryEntry.safeParse(parseJson(Buffer.from(jws.split('.', 2)[1] ?? '', 'base64url')));
  if (!claimed.success) return undefined;
  const entry = claimed.data;
  const fingerprint = fingerprintOf(entry.identity);
  const key = identityKey(entry.identity);
  const verified = verifyJws(jws, type, (kid) => (kid === fingerprint ? key : undefined));
  if (typeof verified === 'string' || !canonicalBytes(entry).equals(verified.payload)) return undefined;
  return idsFit(entry) ? { ...entry, fingerprint } : undefined;
}

/** A key's id is its thumbprint: else one could publish another's id. */
function idsFit(entry: DirectoryEntry): boolean {
  const fits = (curve: 'Ed25519' | 'X25519') => (key: { kid: string; key: string }) => {
    const raw = fromBase64url(key.key);
    return raw !== undefined && thumbprint(curve, raw) === key.kid;
  };
  return entry.signing.every(fits('Ed25519')) && [...entry.sealing, ...entry.mask].every(fits('X25519'));
}
