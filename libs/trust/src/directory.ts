// The directory: which keys belong to whom, now and in the past. It only distributes what parties signed themselves.
// Which identity a party must have, agreements say, not the directory.
import { publicKeyFrom, type PartyId, type PublicKey, type PublishedKey, type Signer } from '@anonymesh/protocol';
import type { VerifiedEntry } from './entry.js';
import { inUse, isAccepted, isRevoked, revocationsIn, withRevocations } from './published-keys.js';

export interface Directory {
  readonly serial: number;
  /** Each party's newest entry; keys that are known to be revoked say so. */
  readonly parties: ReadonlyMap<PartyId, VerifiedEntry>;
  /** Whose signing key that is, if it is valid at that time; `key-revoked` where it is not any more. */
  readonly signer: (kid: string, at: number) => Signer | 'key-revoked' | undefined;
  /**
   * Whose signing key that is or was: for evidence, such as an answer that is explained a year later. Of a revoked key it
   * says since when: whoever verifies compares.
   */
  readonly pastSigner: (kid: string) => Signer | undefined;
  /** All signing keys that the party is known to have published. */
  readonly signersOf: (id: PartyId) => readonly Signer[];
  /** Since when a key, of whatever kind, is revoked. */
  readonly revokedAt: (kid: string) => number | undefined;
  /** The newest key to which one seals for the party at that time. */
  readonly sealingKey: (id: PartyId, at: number) => PublicKey | undefined;
  /** The newest mask key of a holder at that time. */
  readonly maskKey: (id: PartyId, at: number) => PublicKey | undefined;
}

/** `entries`: of each party, the newest first. */
export function directoryOf(
  serial: number,
  entries: ReadonlyMap<PartyId, readonly [VerifiedEntry, ...VerifiedEntry[]]>,
): Directory {
  const parties = new Map<PartyId, VerifiedEntry>();
  const current = new Map<string, PublishedKey>();
  const signers = new Map<string, Signer>();
  const objects = new Map<string, PublicKey>();
  const revoked = revocationsIn([...entries.values()].flat());
  for (const [id, [newest, ...older]] of entries) {
    const party = withRevocations(newest, revoked);
    parties.set(id, party);
    for (const key of party.signing) current.set(key.kid, key);
    for (const entry of [party, ...older])
      for (const key of entry.signing)
        if (!signers.has(key.kid)) signers.set(key.kid, signerOf(party, key, revoked.get(key.kid)));
    for (const key of [...party.sealing, ...party.mask])
      objects.set(key.kid, { kid: key.kid, key: publicKeyFrom('X25519', Buffer.from(key.key, 'base64url')) });
  }
  const object = (key: PublishedKey | undefined) => (key === undefined ? undefined : objects.get(key.kid));
  return {
    serial,
    parties,
    signer: (kid, at) => {
      if (isRevoked({ revokedAt: revoked.get(kid) }, at)) return signers.has(kid) ? 'key-revoked' : undefined;
      const key = current.get(kid);
      return key !== undefined && isAccepted(key, at) ? signers.get(kid) : undefined;
    },
    pastSigner: (kid) => signers.get(kid),
    signersOf: (id) => [...signers.values()].filter((each) => each.id === id),
    revokedAt: (kid) => revoked.get(kid),
    sealingKey: (id, at) => object(inUse(parties.get(id)?.sealing ?? [], at)),
    maskKey: (id, at) => object(inUse(parties.get(id)?.mask ?? [], at)),
  };
}

function signerOf(
  { id, kind, fingerprint: identity }: VerifiedEntry,
  { key }: PublishedKey,
  revokedAt: number | undefined,
): Signer {
  const object = publicKeyFrom('Ed25519', Buffer.from(key, 'base64url'));
  return { id, kind, identity, key: object, ...(revokedAt === undefined ? {} : { revokedAt }) };
}
