// What a caseworker reads of an agreement before asking under it: what for, on which basis, who is asked, who receives
// which field, what comes of it, and for how long anything is kept; and all of it, in the words of whoever signed.
import type { Agreement } from '@anonymesh/protocol';
import { outcomeSection, sectionsOf, type Section } from '@anonymesh/trust';

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
  readonly outcome: Section;
  readonly sections: readonly Section[];
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
    outcome: outcomeSection(content),
    sections: sectionsOf(content),
  };
}

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
