// A manifest and the agreement that it names: both are of a check, or both of a set, or nothing was asked.
import type { Agreement } from './agreement.js';
import type { CheckAgreement } from './agreement/check.js';
import type { SetAgreement } from './agreement/set.js';
import type { CheckManifest, Manifest, SetManifest } from './manifest.js';

export type Asked =
  | { readonly kind: 'check'; readonly manifest: CheckManifest; readonly agreement: CheckAgreement }
  | { readonly kind: 'set'; readonly manifest: SetManifest; readonly agreement: SetAgreement };

/** Undefined where one is of a check and the other of a set. */
export function askedUnder(manifest: Manifest, agreement: Agreement): Asked | undefined {
  if (manifest.type === 'anonymesh/check/v1' && agreement.kind === 'check')
    return { kind: 'check', manifest, agreement };
  if (manifest.type === 'anonymesh/set/v1' && agreement.kind === 'set') return { kind: 'set', manifest, agreement };
  return undefined;
}
