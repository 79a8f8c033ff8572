// A row of the disclosure log as people and programs see it. The mark of a person stays in the store.
import { queryId } from '@anonymesh/protocol';
import { z } from 'zod';
import { disclosureKinds, type KeptDisclosure } from '../store/disclosures.js';

export const disclosureView = z.strictObject({
  /** By which pages follow each other. */
  id: z.int(),
  kind: z.enum(disclosureKinds),
  query: queryId,
  /** ISO 8601, as `askedAt`. */
  at: z.iso.datetime(),
  askedAt: z.iso.datetime().nullable(),
  agreement: z.strictObject({ id: z.string(), version: z.int(), hash: z.string() }),
  template: z.strictObject({ id: z.string().nullable(), version: z.int().nullable(), hash: z.string() }),
  requester: z.string().nullable(),
  /** The party to whom it went, or of a testimony the auditor's name. */
  recipient: z.string(),
  /** Of a set, how many. */
  records: z.int().nullable(),
  /** Why, of a refusal. */
  code: z.string().nullable(),
});
export type DisclosureView = z.infer<typeof disclosureView>;

export function disclosureViewOf(row: KeptDisclosure): DisclosureView {
  return {
    id: row.id,
    kind: row.kind,
    query: row.query_id,
    at: new Date(row.at).toISOString(),
    askedAt: row.asked_at === null ? null : new Date(row.asked_at).toISOString(),
    agreement: { id: row.agreement_id, version: row.agreement_version, hash: row.agreement },
    template: { id: row.template_id, version: row.template_version, hash: row.template },
    requester: row.requester,
    recipient: row.recipient,
    records: row.records,
    code: row.code,
  };
}
