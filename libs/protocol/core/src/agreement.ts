// The agreement: a data-sharing agreement as a document that people sign and machines obey (docs/protocol.md section 4).
// What it cannot say yet its schema refuses, so that nothing is promised in vain.
import { z } from 'zod';
import { contradictionsOf } from './agreement/contradictions.js';
import { checkShape, type CheckAgreement } from './agreement/check.js';
import { setShape, type SetAgreement } from './agreement/set.js';
import { canonicalBytes, sha256Of } from './canonical.js';

export type Agreement = CheckAgreement | SetAgreement;

export const agreement: z.ZodType<Agreement> = z
  .discriminatedUnion('kind', [checkShape, setShape])
  .check(({ value, issues }) => {
    for (const [path, message] of contradictionsOf(value))
      issues.push({ code: 'custom', message, path, input: undefined });
  });

/** base64url SHA-256 of the canonical JSON: what is signed, and what a manifest names. */
export function agreementHashOf(content: Agreement): string {
  return sha256Of(canonicalBytes(content));
}

/** The one party of a kind of which an agreement has one. A set has no portal: nobody is asked about. */
export function soleParty(content: Agreement, kind: 'coordinator' | 'aggregator' | 'portal'): string {
  const [found] = content.parties.filter((candidate) => candidate.kind === kind);
  if (found === undefined) throw new TypeError(`an agreement without ${kind}`);
  return found.id;
}

/** The fields that every holder receives: they are in the context of the masks. Sorted by name. */
export function commonFields(content: Agreement): string[] {
  return Object.keys(content.fields)
    .filter((candidate) => content.holders.every((holder) => holder.receives.includes(candidate)))
    .sort();
}
