// What this holder shares with each other holder, by the pair of mask keys. Kept in memory: the keys it follows from are
// there too, and a query then costs no X25519.
import { agreeWith, type PairSecrets } from '@anonymesh/blind';
import { publicKeyFrom } from '@anonymesh/protocol';
import type { MaskKeys } from '../inbound/mask-keys.js';

export type PairSecretCache = (keys: MaskKeys) => {
  readonly pairSecrets: PairSecrets;
  readonly ownMaskSecret: Uint8Array;
};

export function openPairSecrets(): PairSecretCache {
  const secrets = new Map<string, Uint8Array>();
  const own = new Map<string, Uint8Array>();
  const remember = (known: Map<string, Uint8Array>, name: string, make: () => Uint8Array): Uint8Array => {
    const found = known.get(name) ?? make();
    known.set(name, found);
    return found;
  };
  return (keys) => ({
    pairSecrets: new Map(
      [...keys.others].map(([holder, { kid, key }]) => [
        holder,
        remember(secrets, `${keys.own.kid} ${kid}`, () =>
          agreeWith(keys.own.key, publicKeyFrom('X25519', Buffer.from(key, 'base64url'))),
        ),
      ]),
    ),
    ownMaskSecret: remember(own, keys.own.kid, () => {
      const { d = '' } = keys.own.key.export({ format: 'jwk' });
      return Buffer.from(d, 'base64url');
    }),
  });
}
