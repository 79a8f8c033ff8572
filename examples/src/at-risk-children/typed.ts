// How a child gets onto a holder's record: what the holder knows of it, in the spelling of whoever typed it. Spellings
// differ only by what the agreement's formats bring to one form; all other differences are the ground truth's (cast.ts).

import type { Dice } from '../right-to-remain/dice.js';
import type { Knowledge, Member } from './cast.js';
import { childOf, formerPostcode, misheard, transposedBirthday } from './children.js';

/** Null is what the holder does not know. */
export interface Typed {
  nhsNumber: string | null;
  givenName: string;
  surname: string;
  /** yyyy-mm-dd */
  birthDate: string;
  postcode: string | null;
}

export function typed({ family, sibling }: Member, { nhsNumber, person }: Knowledge, dice: Dice): Typed {
  const child = childOf(family, sibling);
  const birthDate = person === 'transposed' ? transposedBirthday(child.birthDate) : child.birthDate;
  if (birthDate === undefined) throw new RangeError('a birthday that cannot be transposed');
  const postcode = person === 'former-postcode' ? formerPostcode(child) : child.postcode;
  return {
    nhsNumber: nhsNumber ? typeNumber(child.nhsNumber, dice) : null,
    givenName: typeName(child.givenName, dice),
    surname: typeName(person === 'misheard' ? misheard(child.surname) : child.surname, dice),
    birthDate,
    postcode: person === 'no-postcode' ? null : typePostcode(postcode, dice),
  };
}

function typeName(name: string, dice: Dice): string {
  return dice.pick([
    (text: string) => text,
    (text: string) => text,
    (text: string) => text.toUpperCase(),
    (text: string) => text.toLowerCase(),
    (text: string) => ` ${text.replaceAll(' ', '  ')} `,
    (text: string) => text.replaceAll(/['’]/g, dice.pick(["'", '’', '‘'])),
    // Letter and accent apart: equal to the eye only.
    (text: string) => text.normalize('NFD'),
  ])(name);
}

function typeNumber(nhsNumber: string, dice: Dice): string {
  const parts = [nhsNumber.slice(0, 3), nhsNumber.slice(3, 6), nhsNumber.slice(6)];
  const written = parts.join(dice.pick(['', '', ' ', ' ', '-']));
  return dice.chance(5) ? fullWidth(written) : written;
}

function typePostcode(postcode: string, dice: Dice): string {
  const written = dice.chance(30) ? postcode.replace(' ', dice.pick(['', '  '])) : postcode;
  return dice.chance(20) ? written.toLowerCase() : written;
}

/** Digits as a Japanese keyboard types them. */
export function fullWidth(text: string): string {
  return text.replaceAll(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0));
}
