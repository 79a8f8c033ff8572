// An explanation: a holder's word to the subject, signed, of one size whether or not there is a concern, sealed to the
// one-query key and then to the portal. Neither aggregator nor coordinator nor broker can read it.
import {
  pad,
  parseJson,
  queryId,
  sealTwice,
  shortText,
  signJws,
  unpad,
  unsealTwice,
  verifyJws,
  type PartyId,
  type PrivateKey,
  type QueryId,
  type SealContext,
  type SigningKey,
  type TwoPublicKeys,
} from '@anonymesh/protocol';
import type { KeyObject } from 'node:crypto';
import { z } from 'zod';

const type = 'anonymesh-explanation';
/** Bytes of the signed explanation, padded: the longest reason and contact fit. */
const size = 1792;

const explanation = z.strictObject({
  queryId,
  /** The subject key as this holder was asked. */
  subjectKey: shortText(400).min(1),
  concern: z.boolean(),
  /** In plain words for the subject; empty where there is no concern. */
  reason: shortText(300),
  contact: shortText(200),
});
export type Explanation = z.infer<typeof explanation>;

interface Binding {
  readonly queryId: QueryId;
  readonly agreement: string;
  readonly holder: PartyId;
  readonly portal: PartyId;
}

export async function sealExplanation(
  content: Explanation,
  by: SigningKey,
  to: TwoPublicKeys,
  binding: Binding,
): Promise<string> {
  const signed = await signJws(Buffer.from(JSON.stringify(explanation.parse(content))), type, by);
  return sealTwice(pad(signed, size), to, contextOf(binding));
}

/** The explanation, if it opens, if one of that holder's keys signed it, and if it is about this query. */
export function openExplanation(
  sealed: string,
  own: { readonly queryKey: PrivateKey; readonly portal: (kid: string) => PrivateKey | undefined },
  holderKey: (kid: string) => KeyObject | undefined,
  binding: Binding,
): Explanation | undefined {
  const opened = unsealTwice(sealed, own, contextOf(binding));
  const jws = opened === undefined ? undefined : unpad(opened, size);
  const verified = jws === undefined ? 'malformed' : verifyJws(jws, type, holderKey);
  const parsed = explanation.safeParse(typeof verified === 'string' ? undefined : parseJson(verified.payload));
  return parsed.success && parsed.data.queryId === binding.queryId ? parsed.data : undefined;
}

function contextOf({ queryId, agreement, holder, portal }: Binding): SealContext {
  return { message: 'explanation', query: queryId, agreement, from: holder, to: portal };
}
