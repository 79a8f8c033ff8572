// The invented children, by family: who they are, on whichever lists they may stand, and the same on every machine.

import { dayOf, writtenDay } from '../right-to-remain/days.js';
import { diceFor } from '../right-to-remain/dice.js';
import { givenNames, surnames } from '../right-to-remain/names.js';
import { nhsNumberAt } from './nhs-number.js';

export interface Child {
  nhsNumber: string;
  givenName: string;
  surname: string;
  /** yyyy-mm-dd */
  birthDate: string;
  postcode: string;
}

/** A twin has the last name, birthday and home of the first child, and another given name and NHS number. */
export type Sibling = 'first' | 'twin';

const names = [...givenNames, 'Zoë', 'Chloé', 'Seán', 'Mary Jane', 'Jo-Ann', 'François', 'D’Arcy', 'Łucja'];
const earliest = dayOf('2009-01-01');
const birthdays = Array.from({ length: dayOf('2026-01-01') - earliest }, (_, day) => writtenDay(earliest + day));
// The two letters at a postcode's end are never C, I, K, M, O or V.
const unitLetters = 'ABDEFGHJLNPQRSTUWXYZ';
const postcodes = 35 * 10 * 20 * 20;
// Prime, hence without a common factor with the number of pairs of birthday and postcode: no two families share a pair.
const stride = 198_491_317;

/** A child of the family with this number, from 0 to 44,999,999. */
export function childOf(family: number, sibling: Sibling): Child {
  const dice = diceFor(21, family);
  const place = (family * stride) % (postcodes * birthdays.length);
  const [given, later] = [dice.between(0, names.length - 1), dice.between(1, names.length - 1)];
  const name = sibling === 'first' ? given : (given + later) % names.length;
  return {
    nhsNumber: nhsNumberAt(family * 2 + (sibling === 'twin' ? 1 : 0)),
    givenName: names[name] ?? '',
    surname: dice.pick(surnames),
    birthDate: birthdays[Math.floor(place / postcodes)] ?? '',
    postcode: postcodeAt(place % postcodes),
  };
}

function postcodeAt(place: number): string {
  const [second, first] = [place % 20, Math.floor(place / 20) % 20];
  const [digit, district] = [Math.floor(place / 400) % 10, Math.floor(place / 4_000) + 1];
  return `M${district} ${digit}${unitLetters[first]}${unitLetters[second]}`;
}

/** Another postcode than the child's: of an earlier home. */
export function formerPostcode({ postcode }: Child): string {
  const [outward = '', inward = ''] = postcode.split(' ');
  return `${outward} ${(Number(inward[0]) + 5) % 10}${inward.slice(1)}`;
}

const mishearings = [
  ['Mac', 'Mc'],
  ['ke', 'k'],
  ['mp', 'm'],
  ['ll', 'l'],
  ['y', 'i'],
  ['i', 'y'],
  ['e', 'a'],
  ['a', 'e'],
  ['o', 'u'],
  ['u', 'o'],
] as const;

/** The last name as somebody may spell it who only heard it: Clark for Clarke, Thomson for Thompson. */
export function misheard(surname: string): string {
  const [heard, written] = mishearings.find(([sound]) => surname.includes(sound)) ?? ['', 'H'];
  return surname.replace(heard, written);
}

/** The birthday with the day's two digits transposed, where that is another day that exists. */
export function transposedBirthday(birthDate: string): string | undefined {
  const swapped = `${birthDate.slice(0, 8)}${birthDate[9]}${birthDate[8]}`;
  const exists = !Number.isNaN(Date.parse(swapped)) && writtenDay(dayOf(swapped)) === swapped;
  return exists && swapped !== birthDate ? swapped : undefined;
}
