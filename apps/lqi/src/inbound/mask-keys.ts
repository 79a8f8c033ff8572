// The mask keys of one query. The coordinator names their ids; the keys are taken from entries that chain to the
// agreement, so that naming another key gives masks that do not cancel, and never another key's masks.
import type { KeysInForce, PartyId, PrivateKey, PublishedKey } from '@anonymesh/protocol';
import { isAccepted, isRevoked, type Keyring, type SignedAgreement } from '@anonymesh/trust';

export interface MaskKeys {
  readonly ids: Readonly<Record<PartyId, string>>;
  readonly own: PrivateKey;
  readonly others: ReadonlyMap<PartyId, PublishedKey>;
}

/**
 * Why not: an id is not that of a valid key of its holder, or names are missing or too many; or a key is revoked, by which
 * whoever stole it could take our masks off.
 */
export function maskKeysOf(
  ids: KeysInForce,
  signed: SignedAgreement,
  self: PartyId,
  keyring: Keyring,
  now: number,
): MaskKeys | 'unknown-key' | 'key-revoked' {
  const holders = signed.content.holders.map(({ id }) => id);
  if (Object.keys(ids).length !== holders.length) return 'unknown-key';
  const others = new Map<PartyId, PublishedKey>();
  for (const holder of holders) {
    const kid = ids[holder];
    const published = signed.pinned(holder)?.mask.find((key) => key.kid === kid);
    if (published === undefined || !isAccepted(published, now)) return 'unknown-key';
    if (isRevoked(published, now)) return 'key-revoked';
    if (holder !== self) others.set(holder, published);
  }
  const own = keyring.mask(ids[self] ?? '');
  return own === undefined ? 'unknown-key' : { ids, own, others };
}
