// Whether a query is admitted: by a requester that the agreement names, in one of its roles, in time, with one sealed
// part for every holder of the agreement and for nobody else. Its limits are counted after that.
import {
  askedUnder,
  sha256Of,
  untimely,
  type Agreement,
  type ask,
  type Asked,
  type BodyOf,
  type Manifest,
  type QueryId,
  type RefusalCode,
  type VerifiedManifest,
} from '@anonymesh/protocol';
import type { SignedAgreement } from '@anonymesh/trust';

export interface Asking {
  readonly body: BodyOf<typeof ask>;
  /** Of the envelope: the manifest's own query ID must be the same. */
  readonly queryId: QueryId | undefined;
  readonly sender: string;
  readonly verified: VerifiedManifest;
}

export interface Admitted {
  readonly asked: Asked;
  readonly signed: SignedAgreement;
}

/** `signed`: the agreement that its manifest names, if it is here. A code: why the query is not admitted. */
export function admit(
  { body, queryId, sender, verified }: Asking,
  signed: SignedAgreement | undefined,
  now: number,
): Admitted | RefusalCode {
  const { manifest, requester } = verified;
  if (queryId !== verified.queryId) return 'query-differs';
  if (sender !== requester.id) return 'wrong-sender';
  if (signed === undefined) return 'unknown-agreement';
  if (signed.unsigned.length > 0) return 'agreement-not-signed';
  if (!signed.isParty(requester)) return 'key-not-pinned';
  const { content } = signed;
  if (!mayAsk(manifest, content)) return 'role-not-allowed';
  const late = untimely(manifest, content, now);
  if (late !== undefined) return late;
  const asked = askedUnder(manifest, content);
  if (asked === undefined) return 'query-differs';
  const slip = asked.kind === 'check' ? asked.manifest.slip : undefined;
  if ((body.slip === undefined ? undefined : sha256Of(body.slip)) !== slip) return 'parts-not-matching';
  const named = content.holders.map((holder) => holder.id);
  const inManifest = manifest.parts.map((part) => part.holder);
  if (
    !sameMembers(named, inManifest) ||
    !sameMembers(
      named,
      body.parts.map((part) => part.holder),
    )
  )
    return 'parts-not-matching';
  const hashes = new Map(manifest.parts.map((part) => [part.holder, part.hash]));
  return body.parts.every((part) => hashes.get(part.holder) === sha256Of(part.sealed))
    ? { asked, signed }
    : 'parts-not-matching';
}

/** Whether its requester may ask under the agreement, in the role that it says. */
export function mayAsk({ requester, role }: Manifest, { askers }: Agreement): boolean {
  return askers.some((asker) => asker.requester === requester && asker.roles.includes(role));
}

function sameMembers(some: readonly string[], others: readonly string[]): boolean {
  return (
    some.length === others.length && new Set(others).size === others.length && some.every((id) => others.includes(id))
  );
}
