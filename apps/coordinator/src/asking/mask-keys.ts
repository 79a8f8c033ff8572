// Which mask key of each holder is in force for a query. The coordinator names ids only; holders take the keys from
// entries that chain to the agreement, so that a wrong id ends in `refer` and nothing else.
import type { KeysInForce } from '@anonymesh/protocol';
import type { Directory, SignedAgreement } from '@anonymesh/trust';

/** Undefined where a holder has no valid mask key, or is not who the agreement pins. */
export function maskKeysInForce(signed: SignedAgreement, directory: Directory, now: number): KeysInForce | undefined {
  const keys: KeysInForce = {};
  for (const { id } of signed.content.holders) {
    const key = signed.pinned(id) === undefined ? undefined : directory.maskKey(id, now);
    if (key === undefined) return undefined;
    keys[id] = key.kid;
  }
  return keys;
}
