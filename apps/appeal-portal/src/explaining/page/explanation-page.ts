// What the page says, in the words of the person whom the query is about. Of the holders without a concern it says no more
// than of the agreement: that they were asked.
import { viewOf } from '../explanation-view.js';
import type { Told } from '../appeals.js';

export interface ExplanationPage {
  readonly asked: ReturnType<typeof viewOf> & { readonly legalBasis: string };
  /** Earliest first; the last one may have no outcome yet. */
  readonly askings: readonly { readonly at: number; readonly state: 'past' | 'shown' | 'open' | 'taken-back' }[];
  /** What each holder received. */
  readonly received: readonly { readonly holder: string; readonly fields: readonly string[] }[];
  readonly meaning: string;
}

const meanings = {
  clear: 'No organisation that was asked had a concern.',
  concern: 'At least one organisation that was asked had a concern. The office that asked does not know which.',
  refer:
    'The check gave no answer by itself: an organisation did not answer in time, or the answers did not fit together. A ' +
    'person at the office that asked must look at it.',
} as const;

export function shownTo(told: Told): ExplanationPage {
  const { signed, queryId } = told.query;
  const { parties, fields, holders, legalBasis } = signed.content;
  const shown = told.askings.findIndex((each) => each.queryId === queryId);
  const stateOf = (index: number) => {
    if (index === shown) return 'shown';
    if (index < shown) return 'past';
    return told.recheck === 'under-way' && index === told.askings.length - 1 ? 'open' : 'taken-back';
  };
  return {
    asked: { ...viewOf(told), legalBasis },
    askings: told.askings.map(({ manifest }, index) => ({ at: manifest.issuedAt, state: stateOf(index) })),
    received: holders.map(({ id, receives }) => ({
      holder: parties.find((party) => party.id === id)?.name ?? id,
      fields: receives.map((field) => fields[field]?.label ?? field),
    })),
    meaning: isMeant(told.outcome) ? meanings[told.outcome] : meanings.refer,
  };
}

function isMeant(outcome: string): outcome is keyof typeof meanings {
  return Object.hasOwn(meanings, outcome);
}
