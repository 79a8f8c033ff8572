// HMRC's sample records: spells of work and pension, with gaps, second jobs and seasons, and the file they are kept in.

import { join } from 'node:path';
import { dayOf, writtenDay } from './days.js';
import type { Dice } from './dice.js';
import { fillSqlite } from '../writing/fill-sqlite.js';
import { rightToRemain } from './folder.js';
import { lastRecordedDay, type Person } from './people.js';

export interface Spell {
  kind: 'pay' | 'self-employment' | 'pension';
  began: string;
  /** The last day of the spell, itself included; null while it is still running. */
  ended: string | null;
}

export interface Taxpayer extends Person {
  spells: readonly Spell[];
}

const recordsBegin = dayOf('2014-04-06');
const year = 365;

/** Draws a working life as far as HMRC has it on record: a few people have none, pensioners a pension. */
export function drawTaxpayer(person: Person, dice: Dice): Taxpayer {
  const born = dayOf(person.birthDate);
  const retires = born + dice.between(60, 68) * year;
  const stops = Math.min(retires, lastRecordedDay);
  const spells = dice.chance(3)
    ? []
    : drawWork(Math.max(born + dice.between(16, 24) * year, recordsBegin), stops, dice);
  if (retires < lastRecordedDay && dice.chance(70))
    spells.push({ kind: 'pension', began: writtenDay(Math.max(retires, recordsBegin)), ended: null });
  return { ...person, spells };
}

function drawWork(starts: number, stops: number, dice: Dice): Spell[] {
  const spells: Spell[] = [];
  for (let began = starts + drawGap(dice); began < stops;) {
    const ended = began + drawLength(dice);
    spells.push(drawSpell(began, ended, stops, dice));
    if (dice.chance(12)) spells.push(drawSpell(dice.between(began, Math.min(ended, stops)), ended, stops, dice));
    began = ended + drawGap(dice);
  }
  return spells;
}

function drawSpell(began: number, ended: number, stops: number, dice: Dice): Spell {
  const running = ended >= stops && stops === lastRecordedDay;
  return {
    kind: dice.chance(85) ? 'pay' : 'self-employment',
    began: writtenDay(began),
    ended: running ? null : writtenDay(Math.min(ended, stops)),
  };
}

function drawLength(dice: Dice): number {
  if (dice.chance(30)) return dice.between(20, 250);
  return dice.chance(60) ? dice.between(250, 3 * year) : dice.between(3 * year, 14 * year);
}

function drawGap(dice: Dice): number {
  if (dice.chance(65)) return dice.between(1, 40);
  return dice.chance(70) ? dice.between(41, 200) : dice.between(200, 3 * year);
}

/** Writes HMRC's database, a SQLite file, anew. */
export function writeTaxpayers(file: string, taxpayers: Iterable<Taxpayer>): void {
  fillSqlite(file, join(rightToRemain, 'hmrc.sql'), (database) => {
    const addTaxpayer = database.prepare('INSERT INTO taxpayer VALUES (?, ?, ?, ?)');
    const addSpell = database.prepare('INSERT INTO spell VALUES (?, ?, ?, ?)');
    for (const { niNumber, givenNames, surname, birthDate, spells } of taxpayers) {
      addTaxpayer.run(niNumber, givenNames, surname, birthDate);
      for (const { kind, began, ended } of spells) addSpell.run(niNumber, kind, began, ended);
    }
  });
}
