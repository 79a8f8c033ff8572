// What the page says, in the words of the person whom the query is about. Of the holders without a concern it says no more
// than of the agreement: that they were asked.
import { viewOf } from '../explanation-view.js';
import type { Told } from '../appeals.js';
import { meaningOf, othersOf } from './explanation-words.js';

export interface ExplanationPage {
  readonly asked: ReturnType<typeof viewOf> & { readonly legalBasis: string };
  /** Earliest first; the last one may have no outcome yet. */
  readonly askings: readonly { readonly at: number; readonly state: 'past' | 'shown' | 'open' | 'taken-back' }[];
  /** What each holder received. */
  readonly received: readonly { readonly holder: string; readonly fields: readonly string[] }[];
  readonly meaning: string;
  /** What there is to say of those that are not listed with a concern. */
  readonly others: string | undefined;
}

export function shownTo(told: Told): ExplanationPage {
  const { signed, queryId } = told.query;
  const { parties, fields, holders, legalBasis } = signed.content;
  const view = viewOf(told);
  const shown = told.askings.findIndex((each) => each.queryId === queryId);
  const stateOf = (index: number) => {
    if (index === shown) return 'shown';
    if (index < shown) return 'past';
    return told.recheck === 'under-way' && index === told.askings.length - 1 ? 'open' : 'taken-back';
  };
  return {
    asked: { ...view, legalBasis },
    askings: told.askings.map(({ manifest }, index) => ({ at: manifest.issuedAt, state: stateOf(index) })),
    received: holders.map(({ id, receives }) => ({
      holder: parties.find((party) => party.id === id)?.name ?? id,
      fields: receives.map((field) => fields[field]?.label ?? field),
    })),
    meaning: meaningOf(view),
    others: othersOf(view),
  };
}
