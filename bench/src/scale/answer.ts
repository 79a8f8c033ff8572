// The answer of a played holder that has no concern: masked and explained as a real one's, without a database.
import { agreeWith, maskFlag } from '@anonymesh/blind';
import type { Courier } from '@anonymesh/courier';
import {
  base64url,
  commonFields,
  publicKeyFrom,
  soleParty,
  thumbprint,
  verifyManifest,
  type BodyOf,
  type dispatch,
  type Opened,
} from '@anonymesh/protocol';
import { answer, sealExplanation } from '@anonymesh/protocol-answering';
import { commonFieldBytes, openPart } from '@anonymesh/protocol-asking';
import type { SignedAgreement } from '@anonymesh/trust';

/** Throws where the dispatch is not as a real holder would take it. */
export async function answerClear(courier: Courier, { content, hash }: SignedAgreement, letter: Opened): Promise<void> {
  const { id, keyring, directory } = courier.self;
  const { manifest: jws, part, maskKeys } = letter.body as BodyOf<typeof dispatch>;
  const now = Date.now();
  const verified = verifyManifest(jws, (kid) => directory.signer(kid, now));
  if (typeof verified === 'string') throw new Error(verified);
  const { manifest, queryId } = verified;
  if (content.kind !== 'check' || manifest.type !== 'anonymesh/check/v1') throw new Error('no check');
  const receives = content.holders.find((holder) => holder.id === id)?.receives ?? [];
  const fields = openPart(part, keyring.sealing, { manifest, holder: id }, { fields: content.fields, receives });
  const own = keyring.mask(maskKeys[id] ?? '');
  const to = soleParty(content, 'portal');
  const portal = directory.sealingKey(to, now);
  if (typeof fields === 'string' || own === undefined || portal === undefined) throw new Error('a key is missing');
  const others = content.holders.filter((holder) => holder.id !== id);
  const pairSecrets = new Map(
    others.map((holder) => {
      const key = directory.maskKey(holder.id, now);
      if (key === undefined) throw new Error(`${holder.id} has no mask key`);
      return [holder.id, agreeWith(own.key, key.key)] as const;
    }),
  );
  const { masked, check } = maskFlag({
    self: id,
    flag: false,
    combination: content.combination,
    context: {
      queryId,
      agreementHash: hash,
      commonFields: commonFieldBytes(fields, commonFields(content)),
      keyIds: maskKeys,
    },
    pairSecrets,
    ownMaskSecret: Buffer.from(own.key.export({ format: 'jwk' }).d ?? '', 'base64url'),
  });
  const raw = Buffer.from(manifest.queryKey, 'base64url');
  const queryKey = { kid: thumbprint('X25519', raw), key: publicKeyFrom('X25519', raw) };
  const told = {
    queryId,
    subjectKey: fields[content.subjectKey]?.reveal() ?? '',
    concern: false,
    reason: '',
    contact: id,
  };
  await courier.send(answer, {
    to: soleParty(content, 'aggregator'),
    queryId,
    body: { agreement: hash, masked: base64url(masked), check: base64url(check) },
    enclosure: await sealExplanation(
      told,
      keyring.signing,
      { queryKey, portal },
      { queryId, agreement: hash, holder: id, portal: to },
    ),
  });
}
