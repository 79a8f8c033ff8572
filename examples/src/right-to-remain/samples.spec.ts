import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeResidents } from './council.js';
import { dayOf, writtenDay } from './days.js';
import { writeTaxpayers } from './hmrc.js';
import { claimants, residents, taxpayers } from './holdings.js';
import { applicant, samples, type RightToRemainHolder } from './samples.js';
import { tryOnDocuments, tryOnSqlite, type Asking } from './try-template.js';

const folder = mkdtempSync(join(tmpdir(), 'right-to-remain-'));
const today = dayOf(new Date().toISOString().slice(0, 10));
const days = [
  ...[today, today + 31, today + 400].map(writtenDay),
  ...Array.from({ length: 80 }, (_, n) => writtenDay(dayOf('2025-01-01') + n * 50)),
  ...['2025-08-31', '2026-03-31', '2026-12-31', '2028-02-29', '2030-04-01', '2030-09-01', '2035-12-31'],
];

let asking: Record<RightToRemainHolder, Asking>;

beforeAll(() => {
  const [hmrc, council] = [join(folder, 'hmrc.sqlite'), join(folder, 'council.sqlite')];
  writeTaxpayers(hmrc, taxpayers(100));
  writeResidents(council, residents(100));
  asking = {
    hmrc: tryOnSqlite('hmrc.sqlite', hmrc),
    dwp: tryOnDocuments([...claimants(100)]),
    council: tryOnSqlite('council.sqlite', council),
  };
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('the sample people', () => {
  it.each(samples.map((sample) => [sample.story, sample] as const))('on every day: %s', (_, sample) => {
    const holders = Object.keys(asking) as RightToRemainHolder[];
    const found = days.map((day) => [
      day,
      ...holders.filter((holder) => asking[holder](sample.fields.niNumber, day).concern),
    ]);
    expect(found).toEqual(days.map((day) => [day, ...sample.concerns]));
    expect(sample.outcome).toBe(sample.concerns.length === 0 ? 'clear' : 'concern');
  });

  it('show each holder’s concern alone, all together and none', () => {
    const shown = new Set(samples.map((sample) => sample.concerns.join()));
    for (const some of ['', 'hmrc', 'dwp', 'council', 'hmrc,dwp,council', 'hmrc,council'])
      expect(shown).toContain(some);
  });

  it('begin with the applicant of the story, who has a concern at HMRC only', () => {
    expect(samples[0]).toBe(applicant);
    expect(applicant.concerns).toEqual(['hmrc']);
  });

  it('are told why HMRC has a concern: no recent work, or no record at all', () => {
    expect(asking.hmrc(applicant.fields.niNumber, '2026-11-22').reason).toBe('no-recent-work');
    const unknown = samples.find(({ records }) => records.hmrc === undefined);
    expect(asking.hmrc(unknown?.fields.niNumber ?? '', '2026-11-22').reason).toBe('not-on-record');
  });
});
