// Reads the log of what left: all of it, a page, or what is about one person, whose number or name is brought to its
// canonical form first. What was typed is used for its mark and is nowhere else.
import { canonicalText, type FieldFormat } from '@anonymesh/protocol';
import type { StoreNode } from '@anonymesh/courier';
import type { Holder } from '../inbound/examine.js';
import { countDisclosures, everyDisclosure, listDisclosures } from '../store/disclosures.js';
import { disclosureViewOf, type DisclosureView } from './disclosure-view.js';
import type { Mark } from './marks.js';

export interface DisclosurePage {
  /** How many there are on all pages. */
  readonly total: number;
  readonly disclosures: readonly DisclosureView[];
  /** Where the next page begins; null on the last one. */
  readonly next: number | null;
}

export const pageSize = 50;

export interface Log {
  page(before: number | undefined): Promise<DisclosurePage>;
  /** Undefined where that is no such number or name. */
  about(
    person: { readonly format: FieldFormat; readonly value: string },
    before: number | undefined,
  ): Promise<DisclosurePage | undefined>;
  everything(): AsyncGenerator<DisclosureView[]>;
}

export function openLog({ courier }: StoreNode, mark: Mark): Log {
  const { knex } = courier.store;
  const read = async (before: number | undefined, of?: string): Promise<DisclosurePage> => {
    const now = Date.now();
    const [rows, total] = await Promise.all([
      listDisclosures(knex, now, { mark: of, before, limit: pageSize + 1 }),
      countDisclosures(knex, now, of),
    ]);
    const shown = rows.slice(0, pageSize);
    const next = rows.length > pageSize ? (shown.at(-1)?.id ?? null) : null;
    return { total, disclosures: shown.map(disclosureViewOf), next };
  };
  return {
    page: (before) => read(before),
    about: async ({ format, value }, before) => {
      const canonical = canonicalText(format, value);
      return canonical === undefined ? undefined : read(before, mark(format, canonical));
    },
    everything: async function* () {
      for await (const rows of everyDisclosure(knex, Date.now())) yield rows.map(disclosureViewOf);
    },
  };
}

/** By what people can be found: the subject keys of checks, and of sets the keys that are one field. */
export function searchableFormats(holder: Holder): FieldFormat[] {
  const formats = [...holder.trust.agreements.values()].flatMap(({ content }) => {
    if (!content.holders.some(({ id }) => id === holder.id)) return [];
    if (content.kind === 'check') return content.fields[content.subjectKey]?.format ?? [];
    return content.keys.flatMap(({ fields: [field, ...others] }) =>
      field === undefined || others.length > 0 ? [] : field.format,
    );
  });
  return [...new Set(formats)].sort();
}
