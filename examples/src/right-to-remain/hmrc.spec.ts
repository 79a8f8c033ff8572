import { afterAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dayOf, writtenDay } from './days.js';
import { diceFor } from './dice.js';
import { writeTaxpayers, type Spell, type Taxpayer } from './hmrc.js';
import { taxpayers } from './holdings.js';
import { tryOnSqlite } from './try-template.js';

const folder = mkdtempSync(join(tmpdir(), 'hmrc-'));
afterAll(() => rmSync(folder, { recursive: true }));

const person = { givenNames: 'Test', surname: 'Person', birthDate: '1980-01-01' };
const awkwardDays = ['2026-11-22', '2026-03-31', '2026-12-31', '2028-02-29', '2027-02-28', '2025-07-01'];

function tryOn(name: string, people: Iterable<Taxpayer>) {
  const file = join(folder, `${name}.sqlite`);
  writeTaxpayers(file, people);
  return tryOnSqlite('hmrc.sqlite', file);
}

/** The rule read word by word, day for day, sharing nothing with the SQL. */
function workIsMissing(spells: readonly Spell[], asOf: string): boolean {
  const worked = new Uint8Array(dayOf('2040-01-01'));
  for (const { kind, began, ended } of spells)
    if (kind !== 'pension') worked.fill(1, dayOf(began), ended === null ? undefined : dayOf(ended) + 1);
  const anyDayWorked = (after: number, upTo: number) => worked.subarray(after + 1, upTo + 1).includes(1);
  const months = Array.from({ length: 60 }, (_, back) =>
    anyDayWorked(monthsBefore(asOf, back + 1), monthsBefore(asOf, back)),
  );
  return [0, 12, 24, 36, 48].some((from) => months.slice(from, from + 12).filter(Boolean).length < 6);
}

function monthsBefore(date: string, months: number): number {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  const lastOfMonth = new Date(Date.UTC(year, month - months, 0)).getUTCDate();
  return Date.UTC(year, month - 1 - months, Math.min(day, lastOfMonth)) / 86_400_000;
}

/** Many short spells, which touch about six months of a year, so that a day more or less decides. */
function closeCall(number: number): Taxpayer {
  const dice = diceFor(99, number);
  const spells = Array.from({ length: dice.between(45, 75) }, (): Spell => {
    const began = dice.between(dayOf('2020-01-01'), dayOf('2028-03-01'));
    return { kind: 'pay', began: writtenDay(began), ended: writtenDay(began + dice.between(0, 35)) };
  });
  return { ...person, niNumber: `AB${String(number).padStart(6, '0')}C`, spells };
}

describe('HMRC’s template', () => {
  it.each([
    ['everybody', [...taxpayers(2_200)]],
    ['people for whom a single day decides', Array.from({ length: 400 }, (_, number) => closeCall(number))],
  ])('agrees with the rule computed day for day, for %s, on awkward days', (name, people) => {
    const asking = tryOn(name, people);
    const found = { concern: 0, clear: 0 };
    const differing: unknown[] = [];
    for (const asOf of awkwardDays)
      for (const { niNumber, spells } of people) {
        const missing = workIsMissing(spells, asOf);
        if (asking(niNumber, asOf).concern !== missing) differing.push({ asOf, niNumber, spells });
        found[missing ? 'concern' : 'clear'] += 1;
      }
    expect(differing).toEqual([]);
    // Neither side of the rule is rare, so that agreement means something.
    expect(Math.min(found.concern, found.clear)).toBeGreaterThan(people.length / 2);
  });

  it('needs five whole years: work that began later is too little until six months of the fifth are covered', () => {
    const spells: Spell[] = [{ kind: 'pay', began: '2022-06-23', ended: null }];
    const asking = tryOn('late', [{ ...person, niNumber: 'AB123456C', spells }]);
    const days = ['2026-11-21', '2026-11-22', '2026-11-23', '2027-05-01'];
    expect(days.map((asOf) => asking('AB123456C', asOf).concern)).toEqual([true, true, false, false]);
  });

  it('tells somebody unknown from somebody without work', () => {
    const asking = tryOn('no-work', [{ ...person, niNumber: 'AB123456C', spells: [] }]);
    expect(asking('ZY000000A', '2026-11-22')).toEqual({ concern: true, reason: 'not-on-record' });
    expect(asking('AB123456C', '2026-11-22')).toEqual({ concern: true, reason: 'no-recent-work' });
  });
});
