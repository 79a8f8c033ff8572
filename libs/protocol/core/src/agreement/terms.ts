// What agreements of every kind say, as the parts of their schemas: parties, who may ask, fields, templates, time.
import { z } from 'zod';
import { sha256Text, x25519Text } from '../encodings.js';
import { partyId, partyKind } from '../party.js';
import { shownName, shownProse } from '../shown-text.js';

export const name = shownName(200);
export const prose = shownProse(4000);
export const fieldName = z.string().regex(/^[a-z][A-Za-z0-9]{0,31}$/, 'must be a field name in camel case');
export const fieldFormat = z.enum(['ni-number', 'nhs-number', 'name', 'date', 'postcode', 'text']);
export type FieldFormat = z.infer<typeof fieldFormat>;

export const field = z.strictObject({ format: fieldFormat, label: name, hint: prose.optional() });

export const holderTerms = z.strictObject({
  id: partyId,
  receives: z.array(fieldName).max(16),
  template: z.strictObject({ hash: sha256Text, author: sha256Text, reviewer: sha256Text }),
  /** Whether people at the holder approve each query before anything of it is evaluated. */
  approval: z.enum(['none', 'each query', 'each query by two people']),
});
export type HolderTerms = z.infer<typeof holderTerms>;

/** At most so many in any stretch of so many seconds. */
const atMost = z.strictObject({
  most: z.int().min(1).max(1_000_000_000),
  withinSeconds: z
    .int()
    .min(1)
    .max(366 * 86_400),
});
export type AtMost = z.infer<typeof atMost>;

/** How many queries under an agreement are taken up. All versions of it are counted together. */
export const askingLimits = {
  /** Of each requester. */
  perRequester: atMost.optional(),
  /** Of all of them. */
  perAgreement: atMost.optional(),
};
/** About one person, whoever asks: holders count it, who alone know whom a query is about. */
export const subjectLimits = { perSubject: atMost.optional() };

/** Bytes of an agreement's canonical JSON: with what 100 parties sign of it, it fits into one letter, the notice. */
export const mostAgreementBytes = 256 * 1024;
const mostFields = 64;

/**
 * Who may open what holders hand in about each query (docs/protocol.md section 12.6). No party: of it the mesh knows this
 * key alone, whose id people compare.
 */
const auditor = z.strictObject({ name, contact: name, sealing: x25519Text });

export const commonTerms = {
  id: z.string().regex(/^[a-z][a-z0-9-]{1,62}$/),
  version: z.int().min(1).max(1_000_000),
  title: name,
  /** Travels in every slip. */
  purpose: shownProse(400),
  legalBasis: prose,
  parties: z
    .array(z.strictObject({ id: partyId, kind: partyKind, name, identity: sha256Text }))
    .min(5)
    .max(100),
  auditor: auditor.optional(),
  askers: z.array(z.strictObject({ requester: partyId, roles: z.array(shownName(64)).min(1) })).min(1),
  /** What the requester gives: of a check the person's, of a set the templates' parameters. */
  fields: z
    .record(fieldName, field)
    .refine((all) => Object.keys(all).length <= mostFields, `must be at most ${mostFields}`),
  deadlineSeconds: z
    .int()
    .min(2)
    .max(14 * 86_400),
  retentionDays: z.int().min(1).max(3650),
  validity: z.strictObject({ from: z.iso.date(), until: z.iso.date() }),
};
