// DWP's sample records: benefit claims and inquiries into them, one document for each claimant, as JSON Lines.

import { writeDocuments } from '../writing/write-documents.js';
import { dayOf, writtenDay } from './days.js';
import type { Dice } from './dice.js';
import { lastRecordedDay, type Person } from './people.js';

export interface Claim {
  benefit: string;
  from: string;
  to: string | null;
}

export interface Inquiry {
  kind: 'overpayment' | 'fraud' | 'review';
  openedOn: string;
  /** Null while the inquiry is open; on the day itself it counts as closed. */
  closedOn: string | null;
}

export interface Claimant extends Person {
  claims: readonly Claim[];
  inquiries: readonly Inquiry[];
}

const workingAge = ['Universal Credit', 'Carer’s Allowance', 'Housing Benefit', 'Child Benefit'] as const;
const recordsBegin = dayOf('2013-04-29');
const year = 365;

/** Draws somebody's claims, at least one, and for one person in ten inquiries into them. */
export function drawClaimant(person: Person, dice: Dice): Claimant {
  const adult = dayOf(person.birthDate) + 17 * year;
  const claims = Array.from({ length: dice.between(1, 3) }, () => drawClaim(adult, dice));
  const first = claims.reduce((earliest, { from }) => (from < earliest ? from : earliest), writtenDay(lastRecordedDay));
  const inquiries = Array.from({ length: dice.chance(10) ? dice.between(1, 3) : 0 }, () => drawInquiry(first, dice));
  return { ...person, claims, inquiries };
}

function drawClaim(adult: number, dice: Dice): Claim {
  const from = dice.between(Math.max(adult, recordsBegin), lastRecordedDay);
  if (from > adult + 49 * year) return { benefit: 'State Pension', from: writtenDay(from), to: null };
  const to = from + dice.between(30, 2500);
  return { benefit: dice.pick(workingAge), from: writtenDay(from), to: to < lastRecordedDay ? writtenDay(to) : null };
}

function drawInquiry(notBefore: string, dice: Dice): Inquiry {
  const openedOn = dice.between(dayOf(notBefore), lastRecordedDay);
  const closedOn = openedOn + dice.between(14, 700);
  const stillOpen = closedOn >= lastRecordedDay || dice.chance(15);
  return {
    kind: dice.pick(['overpayment', 'overpayment', 'fraud', 'review']),
    openedOn: writtenDay(openedOn),
    closedOn: stillOpen ? null : writtenDay(closedOn),
  };
}

/** Writes DWP's collection anew: one JSON document a line. */
export function writeClaimants(file: string, claimants: Iterable<Claimant>): void {
  writeDocuments(file, claimants);
}
