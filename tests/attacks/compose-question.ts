// A question as a requester composes it, or one of bad faith does: about different people, in another role, with parts
// that are not as agreed.
import { randomBytes } from 'node:crypto';
import { applicant, type Sample } from '@anonymesh/examples';
import {
  base64url,
  queryIdOf,
  sha256Of,
  signManifest,
  soleParty,
  type KeysInForce,
  type Manifest,
  type PartyId,
  type SigningKey,
  type PublicKey,
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
import type { Self } from '@anonymesh/courier';
import type { SignedAgreement } from '@anonymesh/trust';

export interface Composed {
  readonly queryId: string;
  readonly manifest: string;
  readonly parts: readonly { readonly holder: PartyId; readonly sealed: string }[];
  readonly slip: string;
  readonly maskKeys: KeysInForce;
  readonly partOf: (holder: PartyId) => string;
}

export interface BadFaith {
  /** Whom each holder is asked about. */
  readonly about?: (holder: PartyId) => Sample;
  /** The fields that a holder is sent, where not those of the agreement. */
  readonly receives?: (holder: PartyId, agreed: readonly string[]) => readonly string[];
  /** Whoever signs the manifest. */
  readonly by?: SigningKey;
  readonly change?: Partial<Manifest>;
}

export async function composeQuestion(
  { id: requester, keyring, directory }: Self,
  { hash: agreement, content, sealingKeyOf }: SignedAgreement,
  { about = () => applicant, receives = (_, agreed) => agreed, by = keyring.signing, change = {} }: BadFaith = {},
): Promise<Composed> {
  const now = Date.now();
  const keyOf = (id: PartyId): PublicKey => {
    const key = sealingKeyOf(id, now);
    if (key === undefined) throw new Error(`no key of ${id}`);
    return key;
  };
  const fieldsOf = (holder: PartyId) =>
    Object.fromEntries(
      Object.entries(content.fields).map(([name, { format }]) => {
        const value = normalise(format, Reflect.get(about(holder).fields, name) as string);
        if (value === undefined) throw new Error(`${name} is not of its format`);
        return [name, value];
      }),
    );
  if (content.kind !== 'check') throw new Error('not an agreement on a check');
  const seed = await seedOf(mintReference());
  const queryKey = queryKeyOf(seed, 0);
  const bound = { nonce: base64url(randomBytes(16)), agreement, requester };
  const parts = content.holders.map(({ id: holder, receives: agreed }) => {
    const names = receives(holder, agreed);
    return { holder, sealed: sealPart(fieldsOf(holder), names, keyOf(holder), { manifest: bound, holder }) };
  });
  const portal = soleParty(content, 'portal');
  const [{ id: first } = { id: '' }] = content.holders;
  const subjectKey = fieldsOf(first)[content.subjectKey];
  if (subjectKey === undefined) throw new Error('no subject key');
  const named = { agreement, purpose: content.purpose, subjectKey };
  const slip = sealSlip(named, { queryKey: queryKey.public, portal: keyOf(portal) }, { manifest: bound, portal });
  const manifest: Manifest = {
    type: 'anonymesh/check/v1',
    ...bound,
    role: 'caseworker',
    issuedAt: now,
    parts: parts.map(({ holder, sealed }) => ({ holder, hash: sha256Of(sealed) })),
    slip: sha256Of(slip),
    lookupId: lookupIdOf(seed, 0),
    queryKey: queryKey.text,
    ...change,
  };
  const maskKeys = Object.fromEntries(content.holders.map(({ id }) => [id, directory.maskKey(id, now)?.kid ?? '']));
  const partOf = (holder: PartyId) => parts.find((part) => part.holder === holder)?.sealed ?? '';
  return { queryId: queryIdOf(manifest), manifest: await signManifest(manifest, by), parts, slip, maskKeys, partOf };
}
