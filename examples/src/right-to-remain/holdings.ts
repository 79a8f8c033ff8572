// What each holder of the example has on record: the sample people first, then its part of the population. No holder
// knows everybody, and none knows the same people as another.

import { drawResident, type Resident } from './council.js';
import { diceFor } from './dice.js';
import { drawClaimant, type Claimant } from './dwp.js';
import { drawTaxpayer, type Taxpayer } from './hmrc.js';
import { personNumber, type Person } from './people.js';
import { samples, type Sample } from './samples.js';

/** The people on HMRC's records, out of a population of this size. */
export function* taxpayers(population: number): Generator<Taxpayer> {
  for (const sample of samples) {
    const spells = sample.records.hmrc;
    if (spells !== undefined) yield { ...personOf(sample), spells };
  }
  for (const [person, number] of people(population)) {
    const dice = diceFor(2, number);
    if (!dice.chance(7)) yield drawTaxpayer(person, dice);
  }
}

/** The people on DWP's records, out of a population of this size. */
export function* claimants(population: number): Generator<Claimant> {
  for (const sample of samples) {
    const inquiries = sample.records.dwp;
    if (inquiries !== undefined) yield { ...personOf(sample), claims: [], inquiries };
  }
  for (const [person, number] of people(population)) {
    const dice = diceFor(3, number);
    if (!dice.chance(9)) yield drawClaimant(person, dice);
  }
}

/** The people on the council's records, out of a population of this size. */
export function* residents(population: number): Generator<Resident> {
  for (const sample of samples) {
    const homes = sample.records.council;
    const { postcode } = sample.fields;
    if (homes !== undefined) yield { ...personOf(sample), residences: homes.map((home) => ({ ...home, postcode })) };
  }
  for (const [person, number] of people(population)) {
    const dice = diceFor(4, number);
    if (!dice.chance(6)) yield drawResident(person, dice);
  }
}

function personOf({ givenNames, fields: { niNumber, surname, birthDate } }: Sample): Person {
  return { niNumber, givenNames, surname, birthDate };
}

const reserved = new Set(samples.map((sample) => sample.fields.niNumber));

function* people(population: number): Generator<[Person, number]> {
  for (let number = 0; number < population; number++) {
    const person = personNumber(number);
    if (!reserved.has(person.niNumber)) yield [person, number];
  }
}
