// The schools' sample records: pupils and how much of last term they attended, and the file they are kept in.

import { join } from 'node:path';
import { diceFor } from '../right-to-remain/dice.js';
import { fillSqlite } from '../writing/fill-sqlite.js';
import { atRiskChildren } from './folder.js';
import { membersAt } from './lists.js';
import { scattered } from './scattered.js';
import { askedSince } from './seasons.js';
import type { Sizes } from './sizes.js';
import { drawName, drawTelephone } from './staff.js';
import { typed, type Typed } from './typed.js';

export interface Pupil extends Typed {
  id: number;
  school: string;
  safeguardingLead: string;
  termBegan: string;
  /** Per cent of the term. */
  attendance: number;
}

const schools = ['Ash Lane Primary', 'Canal Street Academy', 'Hawthorn High', 'Moor End School', 'St Oswald’s Primary'];
const [lastTerm, formerTerm] = ['2026-09-01', '2025-04-22'];
if (!(formerTerm < askedSince && askedSince < lastTerm)) throw new RangeError('terms on the wrong side');

export function* pupils(sizes: Sizes): Generator<Pupil> {
  const ids = scattered(sizes.schools);
  for (const [member, knowledge] of membersAt('schools', sizes)) {
    const dice = diceFor(24, member.family, member.sibling === 'twin' ? 1 : 0);
    const child = typed(member, knowledge, dice);
    // Below: there most of the time, or absent long ago and gone since.
    const present = !knowledge.concern && dice.chance(80);
    yield {
      ...child,
      id: ids.next().value,
      school: dice.pick(schools),
      safeguardingLead: `${drawName(dice)}, safeguarding lead, ${drawTelephone(dice)}`,
      termBegan: knowledge.concern || present ? lastTerm : formerTerm,
      attendance: present ? dice.between(51, 100) : dice.between(0, 50),
    };
  }
}

/** Writes the schools' database, a SQLite file, anew. */
export function writePupils(file: string, records: Iterable<Pupil>): void {
  fillSqlite(file, join(atRiskChildren, 'schools.sql'), (database) => {
    const add = database.prepare('INSERT INTO pupil VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
    for (const pupil of records) {
      const { id, nhsNumber, givenName, surname, birthDate, postcode, school } = pupil;
      const { safeguardingLead, termBegan, attendance } = pupil;
      add.run(id, nhsNumber, givenName, surname, birthDate, postcode, school, safeguardingLead, termBegan, attendance);
    }
  });
}
