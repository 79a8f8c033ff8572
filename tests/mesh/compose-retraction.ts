// The taking back of a query as its requester signs it, or as somebody else would like to.
import {
  parseJson,
  queryIdOf,
  signRetraction,
  type BodyOf,
  type PartyId,
  type SigningKey,
  type retract,
  type Retraction,
} from '@anonymesh/protocol';

/** `manifest`: as its requester signed it; whoever signs the retraction. */
export async function composeRetraction(
  manifest: string,
  { id, signing }: { readonly id: PartyId; readonly signing: SigningKey },
  change: Partial<Retraction> = {},
): Promise<{ readonly queryId: string; readonly body: BodyOf<typeof retract> }> {
  const payload = Buffer.from(manifest.split('.')[1] ?? '', 'base64url');
  const queryId = queryIdOf(parseJson(payload) as object);
  const content = { type: 'anonymesh/retraction/v1', queryId, requester: id, issuedAt: Date.now(), ...change } as const;
  return { queryId, body: { manifest, retraction: await signRetraction(content, signing) } };
}
