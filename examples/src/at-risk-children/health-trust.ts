// The health trust's sample records: a document for each child that its staff have a concern about, as JSON Lines.

import { writeDocuments } from '../writing/write-documents.js';
import { diceFor, type Dice } from '../right-to-remain/dice.js';
import type { Knowledge, Member } from './cast.js';
import { membersAt } from './lists.js';
import { drawFormerDay, drawRecentDay } from './seasons.js';
import type { Sizes } from './sizes.js';
import { drawName, drawTelephone } from './staff.js';
import { fullWidth, typed, type Typed } from './typed.js';

export interface PatientRecord extends Partial<Omit<Typed, 'birthDate'>> {
  birthDate?: string | null;
  /** Level 1 is a worry of a practitioner, 4 the threshold of a child protection plan. */
  concern: { category: string; level: number };
  lastContact: string;
  namedNurse: { name: string; telephone: string };
}

// The categories of child protection plans in England, as a nurse would say them.
const categories = [
  'Neglect: basic needs are not met',
  'Emotional abuse: frightened or belittled at home',
  'Physical abuse: injuries without an explanation',
  'Sexual abuse: signs noticed by staff',
  'Neglect: appointments are missed again and again',
] as const;

/** The trust's documents, one after another, in the order of its file. */
export function* patientRecords(sizes: Sizes): Generator<PatientRecord> {
  for (const [member, knowledge] of membersAt('health-trust', sizes)) yield drawPatient(member, knowledge);
}

function drawPatient(member: Member, knowledge: Knowledge): PatientRecord {
  const dice = diceFor(22, member.family, member.sibling === 'twin' ? 1 : 0);
  const { nhsNumber, birthDate, postcode, ...names } = typed(member, knowledge, dice);
  const onlyNumber = knowledge.person === 'no-postcode' && dice.chance(50);
  return {
    ...blankable('nhsNumber', nhsNumber, dice),
    ...names,
    ...blankable('birthDate', onlyNumber ? null : typeDay(birthDate, dice), dice),
    ...blankable('postcode', postcode, dice),
    ...drawConcern(knowledge.concern, dice),
    namedNurse: { name: drawName(dice), telephone: drawTelephone(dice) },
  };
}

/** What is not known is null, empty, or not there at all. */
function blankable(field: string, value: string | null, dice: Dice): Record<string, string | null> {
  return value !== null ? { [field]: value } : dice.pick([{ [field]: null }, { [field]: '' }, {}]);
}

function typeDay(day: string, dice: Dice): string {
  return dice.pick([day, day, day, day, ` ${day}`, fullWidth(day)]);
}

function drawConcern(concern: boolean, dice: Dice): Pick<PatientRecord, 'concern' | 'lastContact'> {
  const category = dice.pick(categories);
  // Below: slight, or grave but long ago.
  const slight = !concern && dice.chance(60);
  const level = slight ? dice.between(1, 2) : dice.between(3, 4);
  const lastContact = concern || slight ? drawRecentDay(dice) : drawFormerDay(dice);
  return { concern: { category, level }, lastContact };
}

/** Writes the trust's collection anew: one JSON document a line. */
export function writePatients(file: string, records: Iterable<PatientRecord>): void {
  writeDocuments(file, records);
}
