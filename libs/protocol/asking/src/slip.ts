// The slip: what the portal needs to know whom a query was about and for what, kept by the coordinator, who cannot read
// it: sealed to the one-query key and then to the portal.
import {
  canonicalBytes,
  pad,
  parseJson,
  sealTwice,
  sha256Text,
  unpad,
  unsealTwice,
  type Manifest,
  type PartyId,
  type PrivateKey,
  type SealContext,
  type TwoPublicKeys,
} from '@anonymesh/protocol';
import { z } from 'zod';
import { Withheld } from './withheld.js';

const content = z.strictObject({
  agreement: sha256Text,
  purpose: z.string().max(400),
  subjectKey: z.string().min(1).max(200),
});

export interface Slip {
  readonly agreement: string;
  readonly purpose: string;
  readonly subjectKey: Withheld;
}

/** Bytes before sealing: the longest purpose fits. */
const size = 2560;
type Binding = { readonly manifest: Pick<Manifest, 'nonce' | 'agreement' | 'requester'>; readonly portal: PartyId };

export function sealSlip(slip: Slip, to: TwoPublicKeys, binding: Binding): string {
  const parsed = content.parse({ ...slip, subjectKey: slip.subjectKey.reveal() });
  return sealTwice(pad(canonicalBytes(parsed).toString('base64url'), size), to, contextOf(binding));
}

/** The slip, or undefined where key, binding or content do not fit. */
export function openSlip(
  sealed: string,
  own: { readonly queryKey: PrivateKey; readonly portal: (kid: string) => PrivateKey | undefined },
  binding: Binding,
): Slip | undefined {
  const opened = unsealTwice(sealed, own, contextOf(binding));
  const text = opened === undefined ? undefined : unpad(opened, size);
  const parsed = content.safeParse(text === undefined ? undefined : parseJson(Buffer.from(text, 'base64url')));
  return parsed.success ? { ...parsed.data, subjectKey: new Withheld(parsed.data.subjectKey) } : undefined;
}

function contextOf({ manifest, portal }: Binding): SealContext {
  const { nonce, agreement, requester } = manifest;
  return { message: 'slip', nonce, agreement, from: requester, to: portal };
}
