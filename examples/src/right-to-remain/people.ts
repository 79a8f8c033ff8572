// The invented population that the example's holders have records of. Person n is the same on every machine and in a
// population of any size.

import { writtenDay, dayOf } from './days.js';
import { diceFor } from './dice.js';
import { givenNames, surnames } from './names.js';
import { niNumberAt } from './ni-number.js';

/** Who somebody is; a date is written yyyy-mm-dd. */
export interface Person {
  niNumber: string;
  givenNames: string;
  surname: string;
  birthDate: string;
}

/** The last day on which anything was recorded about the population. Fixed: a clock would make every copy different. */
export const lastRecordedDay = dayOf('2026-11-01');

const youngest = dayOf('2009-01-01');
const oldest = dayOf('1938-01-01');

/** The person with this number, from 0. */
export function personNumber(number: number): Person {
  const dice = diceFor(1, number);
  return {
    niNumber: niNumberAt(number + 1),
    givenNames: dice.pick(givenNames),
    surname: dice.pick(surnames),
    birthDate: writtenDay(dice.between(oldest, youngest)),
  };
}
