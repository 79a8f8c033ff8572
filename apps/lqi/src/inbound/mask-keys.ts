// The mask keys of one query. The coordinator names their ids; the keys are taken from entries that chain to the
// agreement, so that naming another key gives masks that do not cancel, and never another key's masks.
import type { KeysInForce, PartyId, PrivateKey, PublishedKey } from '@anonymesh/protocol';
import type { Keyring, SignedAgreement } from '@anonymesh/trust';

export interface MaskKeys {
  readonly ids: Readonly<Record<PartyId, string>>;
  readonly own: PrivateKey;
  readonly others: ReadonlyMap<PartyId, PublishedKey>;
}

/** Undefined where an id is not that of a valid key of its holder, or names are missing or too many. */
export function maskKeysOf(
  ids: KeysInForce,
  signed: SignedAgreement,
  self: PartyId,
  keyring: Keyring,
  now: number,
): MaskKeys | undefined {
  const holders = signed.content.holders.map(({ id }) => id);
  if (Object.keys(ids).length !== holders.length) return undefined;
  const others = new Map<PartyId, PublishedKey>();
  for (const holder of holders) {
    const kid = ids[holder];
    const published = signed.pinned(holder)?.mask.find((key) => key.kid === kid);
    if (published === undefined || now < published.from || published.until <= now) return undefined;
    if (holder !== self) others.set(holder, published);
  }
  const own = keyring.mask(ids[self] ?? '');
  return own === undefined ? undefined : { ids, own, others };
}
