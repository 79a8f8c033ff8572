// Sealed to the key that follows from the reference, and then to the portal: only both together open it.
import type { PrivateKey, PublicKey } from './keys.js';
import { seal, unseal, type SealContext } from './seal.js';

export interface TwoPublicKeys {
  readonly queryKey: PublicKey;
  readonly portal: PublicKey;
}

export function sealTwice(text: Uint8Array, to: TwoPublicKeys, context: SealContext): string {
  const inner = seal(text, to.queryKey, { ...context, layer: 'reference' });
  return seal(Buffer.from(inner), to.portal, { ...context, layer: 'portal' });
}

/** The text, or undefined where either key or the context does not fit: which, is nobody's business. */
export function unsealTwice(
  sealed: string,
  own: { readonly queryKey: PrivateKey; readonly portal: (kid: string) => PrivateKey | undefined },
  context: SealContext,
): Buffer | undefined {
  const inner = unseal(sealed, own.portal, { ...context, layer: 'portal' });
  if (typeof inner === 'string') return undefined;
  const findQueryKey = (kid: string) => (kid === own.queryKey.kid ? own.queryKey : undefined);
  const text = unseal(inner.toString('latin1'), findQueryKey, { ...context, layer: 'reference' });
  return typeof text === 'string' ? undefined : text;
}
