// The council's sample records: where people have lived in its area, moves in, within and out, and the file of them.

import { join } from 'node:path';
import { dayOf, writtenDay } from './days.js';
import type { Dice } from './dice.js';
import { fillSqlite } from '../writing/fill-sqlite.js';
import { rightToRemain } from './folder.js';
import { streets, waysNamed } from './names.js';
import { lastRecordedDay, type Person } from './people.js';

export interface Residence {
  address: string;
  postcode: string;
  movedIn: string;
  /** Null while the person lives there. */
  movedOut: string | null;
}

export interface Resident extends Person {
  residences: readonly Residence[];
}

const recordsBegin = dayOf('2008-04-01');
const year = 365;
// The two letters at a postcode's end are never C, I, K, M, O or V.
const unitLetters = [...'ABDEFGHJLNPQRSTUWXYZ'];

/** Draws a person's homes in the council's area, the latest of which they may have left. */
export function drawResident(person: Person, dice: Dice): Resident {
  const residences: Residence[] = [];
  for (let movedIn = arrival(person, dice); movedIn < lastRecordedDay;) {
    const movedOut = movedIn + dice.between(60, dice.chance(40) ? 3 * year : 18 * year);
    residences.push({
      address: `${dice.between(1, 180)} ${dice.pick(streets)} ${dice.pick(waysNamed)}`,
      postcode: drawPostcode(dice),
      movedIn: writtenDay(movedIn),
      movedOut: movedOut < lastRecordedDay ? writtenDay(movedOut) : null,
    });
    if (dice.chance(20)) break;
    movedIn = movedOut + (dice.chance(80) ? 0 : dice.between(30, 4 * year));
  }
  return { ...person, residences };
}

function arrival(person: Person, dice: Dice): number {
  return Math.max(dayOf(person.birthDate), recordsBegin) + (dice.chance(50) ? 0 : dice.between(1, 15 * year));
}

function drawPostcode(dice: Dice): string {
  return `M${dice.between(1, 35)} ${dice.between(0, 9)}${dice.pick(unitLetters)}${dice.pick(unitLetters)}`;
}

/** Writes the council's database, a SQLite file, anew. */
export function writeResidents(file: string, residents: Iterable<Resident>): void {
  fillSqlite(file, join(rightToRemain, 'council.sql'), (database) => {
    const addResident = database.prepare('INSERT INTO resident VALUES (?, ?, ?, ?)');
    const addResidence = database.prepare('INSERT INTO residence VALUES (?, ?, ?, ?, ?)');
    for (const { niNumber, givenNames, surname, birthDate, residences } of residents) {
      addResident.run(niNumber, givenNames, surname, birthDate);
      for (const { address, postcode, movedIn, movedOut } of residences)
        addResidence.run(niNumber, address, postcode, movedIn, movedOut);
    }
  });
}
