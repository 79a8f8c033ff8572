// An agreement as its holder's programs see it: its hash, what it is for, and what the holder runs under it.
import { z } from 'zod';
import { agreementFaults } from './own-agreements.js';
import type { StandingAgreement } from './standing-agreements.js';

export const agreementView = z.strictObject({
  hash: z.string(),
  id: z.string(),
  version: z.int(),
  kind: z.enum(['check', 'set']),
  title: z.string(),
  purpose: z.string(),
  legalBasis: z.string(),
  validity: z.strictObject({ from: z.iso.date(), until: z.iso.date() }),
  /** In force where there is none. */
  faults: z.array(z.enum(agreementFaults)),
  /** How it stands with its parties, such as for whom it waits. */
  inWords: z.string(),
  unsigned: z.array(z.string()),
  /** Whether people here approve each query before it is evaluated. */
  approval: z.enum(['none', 'each query', 'each query by two people']),
  receives: z.array(z.string()),
  /** Of a set query, columns that a released record has. */
  releases: z.array(z.string()),
  template: z.strictObject({ hash: z.string(), id: z.string().nullable(), title: z.string().nullable() }),
});
export type AgreementView = z.infer<typeof agreementView>;

export function agreementViewOf({ signed, terms, template, faults, inWords }: StandingAgreement): AgreementView {
  const { id, version, kind, title, purpose, legalBasis, validity } = signed.content;
  return {
    hash: signed.hash,
    id,
    version,
    kind,
    title,
    purpose,
    legalBasis,
    validity,
    faults: [...faults],
    inWords,
    unsigned: [...signed.unsigned],
    approval: terms.approval,
    receives: terms.receives,
    releases: 'releases' in terms ? terms.releases : [],
    template: { hash: terms.template.hash, id: template?.id ?? null, title: template?.title ?? null },
  };
}
