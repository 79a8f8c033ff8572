// The agreement: a data-sharing agreement as a document that people sign and machines obey (docs/protocol.md section 4).
// What it cannot say yet (limits, approval by a person, sets) its schema refuses, so that nothing is promised in vain.
import { z } from 'zod';
import { canonicalBytes, sha256Of } from './canonical.js';
import { sha256Text } from './encodings.js';
import { partyId, partyKind } from './party.js';

const name = z.string().min(1).max(200);
const prose = z.string().min(1).max(4000);
export const fieldName = z.string().regex(/^[a-z][A-Za-z0-9]{0,31}$/, 'must be a field name in camel case');
export const fieldFormat = z.enum(['ni-number', 'name', 'date', 'postcode']);
export type FieldFormat = z.infer<typeof fieldFormat>;

export const combination = z.union([z.enum(['any', 'all']), z.strictObject({ atLeast: z.int().min(1).max(64) })]);
export type Combination = z.infer<typeof combination>;

const party = z.strictObject({ id: partyId, kind: partyKind, name, identity: sha256Text });

const field = z.strictObject({ format: fieldFormat, label: name, hint: prose.optional() });

const holderTerms = z.strictObject({
  id: partyId,
  receives: z.array(fieldName).min(1).max(16),
  template: z.strictObject({ hash: sha256Text, author: sha256Text, reviewer: sha256Text }),
  /** A person's approval before evaluation comes with issue 5. */
  approval: z.literal('none'),
});
export type HolderTerms = z.infer<typeof holderTerms>;

const shape = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{1,62}$/),
  version: z.int().min(1).max(1_000_000),
  kind: z.literal('check'),
  title: name,
  /** Travels in every slip. */
  purpose: z.string().min(1).max(400),
  legalBasis: prose,
  parties: z.array(party).min(6).max(100),
  askers: z.array(z.strictObject({ requester: partyId, roles: z.array(z.string().min(1).max(64)).min(1) })).min(1),
  subjectKey: fieldName,
  fields: z.record(fieldName, field),
  holders: z.array(holderTerms).min(2).max(64),
  combination,
  deadlineSeconds: z
    .int()
    .min(2)
    .max(14 * 86_400),
  tellsSubject: z.strictObject({ concerns: z.literal(true) }),
  retentionDays: z.int().min(1).max(3650),
  validity: z.strictObject({ from: z.iso.date(), until: z.iso.date() }),
});

export const agreement = shape.check(({ value, issues }) => {
  for (const [path, message] of contradictions(value)) issues.push({ code: 'custom', message, path, input: undefined });
});
export type Agreement = z.infer<typeof agreement>;

/** base64url SHA-256 of the canonical JSON: what is signed, and what a manifest names. */
export function agreementHashOf(content: Agreement): string {
  return sha256Of(canonicalBytes(content));
}

/** The one party of a kind of which an agreement has one. */
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

type Contradiction = [path: (string | number)[], message: string];

function contradictions(content: z.infer<typeof shape>): Contradiction[] {
  const found: Contradiction[] = [];
  const kinds = new Map(content.parties.map((each) => [each.id, each.kind]));
  if (kinds.size !== content.parties.length) found.push([['parties'], 'a party is named twice']);
  const identities = new Set(content.parties.map((each) => each.identity));
  if (identities.size !== content.parties.length) found.push([['parties'], 'two parties have one identity']);
  for (const kind of ['coordinator', 'aggregator', 'portal'] as const) {
    if (content.parties.filter((each) => each.kind === kind).length !== 1)
      found.push([['parties'], `must name one ${kind}`]);
  }
  const holders = content.holders.map((holder) => holder.id);
  const named = content.parties.filter((each) => each.kind === 'holder').map((each) => each.id);
  if (new Set(holders).size !== holders.length) found.push([['holders'], 'a holder is named twice']);
  if (holders.length !== named.length || !holders.every((id) => named.includes(id)))
    found.push([['holders'], 'must be the parties of kind holder']);
  const askers = new Set(content.askers.map(({ requester }) => requester));
  if (askers.size !== content.askers.length) found.push([['askers'], 'a requester is named twice']);
  content.askers.forEach(({ requester }, index) => {
    if (kinds.get(requester) !== 'requester') found.push([['askers', index, 'requester'], 'must be a requester']);
  });
  content.holders.forEach((holder, index) => {
    const at = (key: string) => ['holders', index, key];
    if (!holder.receives.every((each) => Object.hasOwn(content.fields, each)))
      found.push([at('receives'), 'unknown field']);
    if (new Set(holder.receives).size !== holder.receives.length) found.push([at('receives'), 'a field twice']);
    if (!holder.receives.includes(content.subjectKey)) found.push([at('receives'), 'must have the subject key']);
    if (holder.template.author === holder.template.reviewer)
      found.push([at('template'), 'author and reviewer must be two people']);
  });
  if (typeof content.combination === 'object' && content.combination.atLeast > holders.length)
    found.push([['combination'], 'more than there are holders']);
  if (content.validity.from >= content.validity.until) found.push([['validity'], 'ends before it begins']);
  return found;
}
