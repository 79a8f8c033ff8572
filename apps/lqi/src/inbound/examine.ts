// Examines a dispatch. The coordinator is not believed: who asks, under what, and for which holders comes from the
// requester's signature and from an agreement signed by all its parties; the part must be the one the manifest names.
import {
  untimely,
  verifyManifest,
  type BodyOf,
  type dispatch,
  type Opened,
  type PartyId,
  type QueryId,
  type RefusalCode,
  type VerifiedManifest,
} from '@anonymesh/protocol';
import type { Keyring, SignedAgreement, Trust } from '@anonymesh/trust';
import type { Templates } from '../questions/templates.js';
import { prepare } from './prepare.js';
import type { Question } from './question.js';

export interface Holder {
  readonly id: PartyId;
  readonly keyring: Keyring;
  readonly trust: Trust;
  readonly templates: Templates;
}

/** `agreement`: by which one can tell the aggregator that there will be no answer. */
export interface No {
  readonly code: RefusalCode;
  readonly agreement: SignedAgreement | undefined;
}

export function examine(
  { body, queryId }: { readonly body: BodyOf<typeof dispatch>; readonly queryId: QueryId | undefined },
  coordinator: Opened['from'],
  holder: Holder,
  now: number,
): Question | No {
  const { directory, agreements } = holder.trust;
  const verified = verifyManifest(body.manifest, (kid) => directory.signer(kid, now));
  if (typeof verified === 'string') return { code: verified, agreement: undefined };
  if (verified.queryId !== queryId) return { code: 'query-differs', agreement: undefined };
  const signed = agreements.get(verified.manifest.agreement);
  if (signed === undefined) return { code: 'unknown-agreement', agreement: undefined };
  // A draft that we have not signed binds us to nothing, whoever asks by it: nothing is kept, and nobody is told.
  if (signed.unsigned.includes(holder.id)) return { code: 'agreement-not-signed', agreement: undefined };
  if (!signed.isParty(coordinator) || !signed.isParty(verified.requester))
    return { code: 'key-not-pinned', agreement: undefined };
  const code = reasonNotToTake(verified, signed, now);
  if (code !== undefined) return { code, agreement: signed };
  const question = prepare(body, verified, signed, holder, now);
  return typeof question === 'string' ? { code: question, agreement: signed } : question;
}

/** Whether it is in force is asked of the store, and again before anything is evaluated. */
function reasonNotToTake(
  { manifest, requester }: VerifiedManifest,
  signed: SignedAgreement,
  now: number,
): RefusalCode | undefined {
  // First: whatever else is wrong with what comes too late, there is nobody left to tell.
  const late = untimely(manifest, signed.content, now);
  if (late !== undefined) return late;
  if (signed.unsigned.length > 0) return 'agreement-not-signed';
  const roles = signed.content.askers.find((asker) => asker.requester === requester.id)?.roles ?? [];
  if (!roles.includes(manifest.role)) return 'role-not-allowed';
  const holders = new Set(manifest.parts.map((part) => part.holder));
  const { length } = signed.content.holders;
  if (holders.size !== length || manifest.parts.length !== length) return 'parts-not-matching';
  return signed.content.holders.every(({ id }) => holders.has(id)) ? undefined : 'parts-not-matching';
}
