// The directory: which keys belong to whom. It only distributes what parties signed themselves; the operator's signature
// admits or removes a party. Which identity a party must have, agreements say, not the directory.
import {
  admission,
  canonicalBytes,
  directoryFile,
  parseJson,
  publicKeyFrom,
  signJws,
  verifyJws,
  type Admission,
  type PartyId,
  type PartyKind,
  type PrivateKey,
  type PublicKey,
  type PublishedKey,
  type Signer,
} from '@anonymesh/protocol';
import { verifyEntry, type VerifiedEntry } from './entry.js';
import { fingerprintOf, identityKey } from './fingerprint.js';

const type = 'anonymesh-admission';

export interface Directory {
  readonly serial: number;
  readonly parties: ReadonlyMap<PartyId, VerifiedEntry>;
  /** Whose signing key that is, if it is valid at that time. */
  readonly signer: (kid: string, at: number) => Signer | undefined;
  /** Whose signing key that is or was: for evidence, such as an answer that is explained a year later. */
  readonly pastSigner: (kid: string) => Signer | undefined;
  /** The newest key to which one seals for the party at that time. */
  readonly sealingKey: (id: PartyId, at: number) => PublicKey | undefined;
  /** The newest mask key of a holder at that time. */
  readonly maskKey: (id: PartyId, at: number) => PublicKey | undefined;
}

export function signAdmission(content: Admission, operator: PrivateKey): string {
  return signJws(canonicalBytes(admission.parse(content)), type, operator);
}

/**
 * Reads a directory file's JSON. Entries that are not admitted, not signed by their own identity, or of a key id that
 * somebody else has, are left out and named in `leftOut`. Returns undefined where the operator did not sign it.
 */
export function readDirectory(
  json: unknown,
  operator: string,
): { readonly directory: Directory; readonly leftOut: readonly number[] } | undefined {
  const file = directoryFile.safeParse(json);
  if (!file.success) return undefined;
  const operatorKey = identityKey(operator);
  const operatorId = fingerprintOf(operator);
  const signed = verifyJws(file.data.admission, type, (kid) => (kid === operatorId ? operatorKey : undefined));
  const admitted = admission.safeParse(typeof signed === 'string' ? undefined : parseJson(signed.payload));
  if (!admitted.success) return undefined;
  const identities = new Map(admitted.data.admitted.map((each) => [each.id, each.identity]));
  const newest = new Map<PartyId, { readonly entry: VerifiedEntry; readonly index: number }>();
  const leftOut: number[] = [];
  file.data.entries.forEach((jws, index) => {
    const entry = verifyEntry(jws);
    const known = entry === undefined ? undefined : newest.get(entry.id)?.entry;
    if (entry === undefined || identities.get(entry.id) !== entry.fingerprint) leftOut.push(index);
    else if (known === undefined || known.serial < entry.serial) newest.set(entry.id, { entry, index });
  });
  const parties = new Map<PartyId, VerifiedEntry>();
  const owners = new Map<string, PartyId>();
  // Whoever publishes a key of another party would be taken for it, or it for them: who was admitted first keeps it.
  for (const { entry, index } of [...identities.keys()].flatMap((id) => newest.get(id) ?? [])) {
    const kids = [...entry.signing, ...entry.sealing, ...entry.mask].map(({ kid }) => kid);
    if (kids.some((kid) => owners.has(kid))) leftOut.push(index);
    else parties.set(entry.id, entry);
    for (const kid of kids) if (!owners.has(kid)) owners.set(kid, entry.id);
  }
  return { directory: directoryOf(admitted.data.serial, parties), leftOut };
}

function directoryOf(serial: number, parties: ReadonlyMap<PartyId, VerifiedEntry>): Directory {
  const signers = new Map<string, { key: PublishedKey; signer: Signer }>();
  const objects = new Map<string, PublicKey>();
  for (const entry of parties.values()) {
    for (const key of entry.signing) signers.set(key.kid, { key, signer: signerOf(entry, key) });
    for (const key of [...entry.sealing, ...entry.mask])
      objects.set(key.kid, { kid: key.kid, key: publicKeyFrom('X25519', Buffer.from(key.key, 'base64url')) });
  }
  const newest = (keys: readonly PublishedKey[] | undefined, at: number) => {
    const valid = (keys ?? []).filter(({ from, until }) => from <= at && at < until);
    const latest = valid.reduce<PublishedKey | undefined>(
      (a, b) => (a === undefined || b.from > a.from ? b : a),
      undefined,
    );
    return latest === undefined ? undefined : objects.get(latest.kid);
  };
  return {
    serial,
    parties,
    signer: (kid, at) => {
      const found = signers.get(kid);
      return found !== undefined && found.key.from <= at && at < found.key.until ? found.signer : undefined;
    },
    pastSigner: (kid) => signers.get(kid)?.signer,
    sealingKey: (id, at) => newest(parties.get(id)?.sealing, at),
    maskKey: (id, at) => newest(parties.get(id)?.mask, at),
  };
}

function signerOf(entry: VerifiedEntry, { key }: PublishedKey): Signer {
  const kind: PartyKind = entry.kind;
  const object = publicKeyFrom('Ed25519', Buffer.from(key, 'base64url'));
  return { id: entry.id, kind, identity: entry.fingerprint, key: object };
}
