import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { aggregate } from 'mingo';
import { parse } from 'yaml';
import { writeResidents, type Residence, type Resident } from './council.js';
import { dayOf, writtenDay } from './days.js';
import { diceFor } from './dice.js';
import { type Inquiry } from './dwp.js';
import { rightToRemain } from './folder.js';
import { writeTaxpayers, type Spell, type Taxpayer } from './hmrc.js';
import { claimants, residents, taxpayers } from './holdings.js';
import { samples, type RightToRemainHolder } from './samples.js';

const folder = mkdtempSync(join(tmpdir(), 'right-to-remain-'));
const person = { givenNames: 'Test', surname: 'Person', birthDate: '1980-01-01' };
const population = 2_500;
const everyFewWeeks = Array.from({ length: 150 }, (_, n) => writtenDay(dayOf('2025-01-01') + n * 26));
const today = dayOf(new Date().toISOString().slice(0, 10));
const awkwardDays = ['2026-11-22', '2026-03-31', '2026-12-31', '2028-02-29', '2027-02-28', '2025-07-01'];

const statement = (name: string) =>
  (parse(readFileSync(join(rightToRemain, 'templates', name), 'utf8')) as { statement: string }).statement;
const stages = readFileSync(join(rightToRemain, 'templates/dwp.yaml'), 'utf8');

function ask(database: DatabaseSync, template: string) {
  const prepared = database.prepare(statement(template));
  return (niNumber: string, asOf: string) => {
    const rows = prepared.all({ niNumber, asOf });
    expect(rows).toHaveLength(1);
    return { concern: rows[0]?.['concern'] === 1, reason: rows[0]?.['reason'] };
  };
}

function askDwp(documents: object[]) {
  return (niNumber: string, asOf: string) => {
    // What the holder's node does with a pipeline: each { $param: name } becomes the field's value, as data.
    const pipeline = parse(stages, (_, value: unknown) => {
      const name = (value as { $param?: string } | null)?.$param;
      return name === undefined ? value : { niNumber, asOf }[name];
    }) as { stages: Record<string, object>[] };
    return aggregate(documents, pipeline.stages).length > 0;
  };
}

function open(name: string, write: (file: string) => void) {
  const file = join(folder, `${name}.sqlite`);
  write(file);
  return new DatabaseSync(file, { readOnly: true });
}

function hmrcOf(name: string, spells: readonly Spell[]) {
  return ask(
    open(name, (file) => writeTaxpayers(file, [{ ...person, niNumber: 'AB123456C', spells }])),
    'hmrc.sqlite.yaml',
  );
}

let askHmrc: ReturnType<typeof ask>;
let askCouncil: ReturnType<typeof ask>;
let dwp: ReturnType<typeof askDwp>;

beforeAll(() => {
  askHmrc = ask(
    open('hmrc', (file) => writeTaxpayers(file, taxpayers(population))),
    'hmrc.sqlite.yaml',
  );
  askCouncil = ask(
    open('council', (file) => writeResidents(file, residents(population))),
    'council.sqlite.yaml',
  );
  dwp = askDwp([...claimants(200)]);
});
afterAll(() => rmSync(folder, { recursive: true }));

function concernsAbout(niNumber: string, asOf: string): RightToRemainHolder[] {
  const flags = {
    hmrc: askHmrc(niNumber, asOf).concern,
    dwp: dwp(niNumber, asOf),
    council: askCouncil(niNumber, asOf).concern,
  };
  return (Object.keys(flags) as RightToRemainHolder[]).filter((holder) => flags[holder]);
}

describe('the sample people', () => {
  it.each(samples.map((sample) => [sample.story, sample] as const))('%s', (_, sample) => {
    for (const asOf of [today, today + 31, today + 400].map(writtenDay).concat(everyFewWeeks, awkwardDays))
      expect({ asOf, concerns: concernsAbout(sample.fields.niNumber, asOf) }).toEqual({
        asOf,
        concerns: sample.concerns,
      });
    expect(sample.outcome).toBe(sample.concerns.length === 0 ? 'clear' : 'concern');
  });

  it('show every single holder’s concern, all together and none, and the applicant’s only at HMRC', () => {
    const shown = new Set(samples.map((sample) => sample.concerns.join()));
    for (const some of ['', 'hmrc', 'dwp', 'council', 'hmrc,dwp,council', 'hmrc,council'])
      expect(shown).toContain(some);
    expect(samples[0]?.concerns).toEqual(['hmrc']);
  });
});

/** The rule read word by word, day for day, and sharing nothing with the SQL. */
function workIsMissing(spells: readonly Spell[], asOf: string): boolean {
  const work = spells
    .filter(({ kind }) => kind !== 'pension')
    .map(({ began, ended }) => [dayOf(began), ended === null ? Infinity : dayOf(ended)] as const);
  const worked = (day: number) => work.some(([began, ended]) => began <= day && day <= ended);
  const anyDayWorked = (after: number, upTo: number) => {
    for (let day = after + 1; day <= upTo; day++) if (worked(day)) return true;
    return false;
  };
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

/** Many short spells, with about six months touched in a year, so that a day more or less decides. */
function* closeCalls(count: number): Generator<Taxpayer> {
  for (let number = 0; number < count; number++) {
    const dice = diceFor(99, number);
    const spells = Array.from({ length: dice.between(40, 70) }, (): Spell => {
      const began = dice.between(dayOf('2020-01-01'), dayOf('2028-03-01'));
      return { kind: 'pay', began: writtenDay(began), ended: writtenDay(began + dice.between(0, 35)) };
    });
    yield { ...person, niNumber: `AB${String(number).padStart(6, '0')}C`, spells };
  }
}

describe('HMRC’s template', () => {
  it.each(awkwardDays)('agrees with the rule computed day for day, for everybody, on %s', (asOf) => {
    let concerns = 0;
    let people = 0;
    for (const { niNumber, spells } of taxpayers(population)) {
      const missing = workIsMissing(spells, asOf);
      if (askHmrc(niNumber, asOf).concern !== missing) throw new Error(`differs for ${JSON.stringify(spells)}`);
      people += 1;
      if (missing) concerns += 1;
    }
    expect(people).toBeGreaterThan(2_000);
    expect(concerns / people).toBeGreaterThan(0.2);
    expect(concerns / people).toBeLessThan(0.8);
  });

  it('agrees with it where a single day decides', () => {
    const people = [...closeCalls(400)];
    const asked = ask(
      open('close-calls', (file) => writeTaxpayers(file, people)),
      'hmrc.sqlite.yaml',
    );
    const seen = { true: 0, false: 0 };
    for (const { niNumber, spells } of people)
      for (const asOf of awkwardDays) {
        const missing = workIsMissing(spells, asOf);
        if (asked(niNumber, asOf).concern !== missing) throw new Error(`${asOf}: ${JSON.stringify(spells)}`);
        seen[`${missing}`] += 1;
      }
    expect(Math.min(seen.true, seen.false)).toBeGreaterThan(50);
  });

  it('needs five whole years: work that began four and a half years ago is too little', () => {
    const asked = hmrcOf('began-late', [{ kind: 'pay', began: '2022-05-23', ended: null }]);
    expect(asked('AB123456C', '2026-11-22').concern).toBe(true);
    // Half a year later, six months of the fifth year are covered.
    expect(asked('AB123456C', '2027-04-22').concern).toBe(false);
  });

  it('tells somebody unknown from somebody without work', () => {
    expect(askHmrc('ZY000000A', '2026-11-22')).toEqual({ concern: true, reason: 'not-on-record' });
    expect(hmrcOf('no-work', [])('AB123456C', '2026-11-22')).toEqual({ concern: true, reason: 'no-recent-work' });
  });
});

describe('DWP’s template', () => {
  const of = (...inquiries: Inquiry[]) => askDwp([{ ...person, niNumber: 'AB123456C', inquiries }]);
  const inquiry = { kind: 'fraud', openedOn: '2026-01-10', closedOn: '2026-11-21' } as const;

  it('has a concern from the day an inquiry opens until the day before it closes', () => {
    const asked = of(inquiry);
    const days = ['2026-01-09', '2026-01-10', '2026-11-20', '2026-11-21', '2026-11-22'];
    expect(days.map((asOf) => asked('AB123456C', asOf))).toEqual([false, true, true, false, false]);
  });

  it('finds an open inquiry among closed ones', () => {
    expect(of(inquiry, { ...inquiry, closedOn: null }, inquiry)('AB123456C', '2026-11-22')).toBe(true);
  });

  it('does not mix the opening of one inquiry with the closing of another', () => {
    const later: Inquiry = { kind: 'overpayment', openedOn: '2027-01-01', closedOn: null };
    expect(of(inquiry, later)('AB123456C', '2026-11-22')).toBe(false);
  });

  it('has no concern about a routine review, a claimant without inquiries, or somebody unknown', () => {
    expect(of({ kind: 'review', openedOn: '2026-01-10', closedOn: null })('AB123456C', '2026-11-22')).toBe(false);
    expect(of()('AB123456C', '2026-11-22')).toBe(false);
    expect(of({ ...inquiry, closedOn: null })('ZY000000A', '2026-11-22')).toBe(false);
  });
});

describe('the council’s template', () => {
  const of = (name: string, ...homes: [string, string | null][]) => {
    const residences: Residence[] = homes.map(([movedIn, movedOut]) => ({
      address: '1 High Street',
      postcode: 'M1 1AA',
      movedIn,
      movedOut,
    }));
    const resident: Resident = { ...person, niNumber: 'AB123456C', residences };
    const asked = ask(
      open(name, (file) => writeResidents(file, [resident])),
      'council.sqlite.yaml',
    );
    return (asOf: string) => asked('AB123456C', asOf).concern;
  };

  it('has a concern from twelve months after somebody moved out', () => {
    const asked = of('moved-out', ['2010-01-01', '2025-11-22']);
    expect(['2026-11-21', '2026-11-22', '2026-11-23'].map(asked)).toEqual([false, true, true]);
  });

  it('does not count a home that is moved into later', () => {
    const asked = of('moves-in', ['2026-11-22', null]);
    expect(['2026-11-21', '2026-11-22'].map(asked)).toEqual([true, false]);
  });

  it('needs only one of several homes to be recent', () => {
    expect(of('several', ['2010-01-01', '2012-01-01'], ['2012-01-01', null])('2026-11-22')).toBe(false);
  });

  it('tells somebody unknown from somebody who left', () => {
    expect(askCouncil('ZY000000A', '2026-11-22')).toEqual({ concern: true, reason: 'not-on-record' });
    expect(askCouncil('LW206597D', '2026-11-22')).toEqual({ concern: true, reason: 'no-recent-residence' });
  });
});
