// What a caseworker reads of an agreement before asking under it: what for, on which basis, who is asked, who receives
// which field, and for how long anything is kept.
import type { Agreement } from '@anonymesh/protocol';

export interface AgreementDescription {
  readonly id: string;
  readonly title: string;
  readonly purpose: string;
  readonly legalBasis: string;
  readonly kind: Agreement['kind'];
  readonly holders: readonly { readonly name: string; readonly receives: readonly string[] }[];
  readonly fields: readonly ({ readonly name: string } & Agreement['fields'][string])[];
  readonly atMost: string;
  readonly retentionDays: number;
  /** Of a set query: what is released of records that match. */
  readonly released?: string;
}

export function describeAgreement(content: Agreement): AgreementDescription {
  const { id, title, purpose, legalBasis, kind, retentionDays, parties } = content;
  const names = new Map(parties.map((party) => [party.id, party.name]));
  return {
    id,
    title,
    purpose,
    legalBasis,
    kind,
    retentionDays,
    holders: content.holders.map((holder) => ({
      name: names.get(holder.id) ?? holder.id,
      receives: holder.receives.map((name) => content.fields[name]?.label ?? name),
    })),
    fields: Object.entries(content.fields).map(([name, field]) => ({ name, ...field })),
    atMost: inWords(content.deadlineSeconds),
    ...(content.kind === 'set' ? { released: released[content.release] } : {}),
  };
}

const released = {
  count: 'How many people the holders have in common, and nothing else',
  'on-match': 'The agreed fields of records that match',
  'on-approval': 'Of records that match, those that a person at each holder approves',
};

/** In the largest unit of which there are two or more. */
export function inWords(seconds: number): string {
  const units = [
    [86_400, 'days'],
    [3600, 'hours'],
    [60, 'minutes'],
  ] as const;
  for (const [size, unit] of units) if (seconds >= 2 * size) return `${Math.ceil(seconds / size)} ${unit}`;
  return seconds === 1 ? '1 second' : `${Math.ceil(seconds)} seconds`;
}
