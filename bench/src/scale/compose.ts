// A question as a requester's node composes it: its parts sealed to the holders, its slip to the portal, all of it signed.
import { randomBytes } from 'node:crypto';
import { applicant } from '@anonymesh/examples';
import type { Self } from '@anonymesh/courier';
import {
  base64url,
  queryIdOf,
  sha256Of,
  signManifest,
  soleParty,
  type BodyOf,
  type CheckManifest,
  type PartyId,
  type QueryId,
  type ask,
} from '@anonymesh/protocol';
import {
  lookupIdOf,
  mintReference,
  normalise,
  queryKeyOf,
  sealPart,
  sealSlip,
  seedOf,
} from '@anonymesh/protocol-asking';
import type { SignedAgreement } from '@anonymesh/trust';

export async function compose(
  { id: requester, keyring, directory }: Self,
  { hash: agreement, content }: SignedAgreement,
): Promise<{ readonly queryId: QueryId; readonly body: BodyOf<typeof ask> }> {
  if (content.kind !== 'check') throw new Error('not an agreement on a check');
  const now = Date.now();
  const keyOf = (id: PartyId) => {
    const key = directory.sealingKey(id, now);
    if (key === undefined) throw new Error(`no key of ${id}`);
    return key;
  };
  const fields = Object.fromEntries(
    Object.entries(content.fields).map(([name, { format }]) => {
      const value = normalise(format, Reflect.get(applicant.fields, name) as string);
      if (value === undefined) throw new Error(`${name} is not of its format`);
      return [name, value];
    }),
  );
  const subjectKey = fields[content.subjectKey];
  if (subjectKey === undefined) throw new Error('no subject key');
  const seed = await seedOf(mintReference());
  const queryKey = queryKeyOf(seed, 0);
  const bound = { nonce: base64url(randomBytes(16)), agreement, requester };
  const parts = content.holders.map(({ id: holder, receives }) => ({
    holder,
    sealed: sealPart(fields, receives, keyOf(holder), { manifest: bound, holder }),
  }));
  const portal = soleParty(content, 'portal');
  const keys = { queryKey: queryKey.public, portal: keyOf(portal) };
  const slip = sealSlip({ agreement, purpose: content.purpose, subjectKey }, keys, { manifest: bound, portal });
  const manifest: CheckManifest = {
    type: 'anonymesh/check/v1',
    ...bound,
    role: 'caseworker',
    issuedAt: now,
    parts: parts.map(({ holder, sealed }) => ({ holder, hash: sha256Of(sealed) })),
    slip: sha256Of(slip),
    lookupId: lookupIdOf(seed, 0),
    queryKey: queryKey.text,
  };
  return {
    queryId: queryIdOf(manifest),
    body: { manifest: await signManifest(manifest, keyring.signing), parts, slip },
  };
}
