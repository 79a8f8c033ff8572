import { afterAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeResidents, type Resident } from './council.js';
import { tryOnSqlite } from './try-template.js';

const folder = mkdtempSync(join(tmpdir(), 'council-'));
afterAll(() => rmSync(folder, { recursive: true }));

const niNumber = 'AB123456C';

function lived(...homes: [movedIn: string, movedOut: string | null][]) {
  const residences = homes.map(([movedIn, movedOut]) => ({
    address: '1 Mill Lane',
    postcode: 'M1 1AA',
    movedIn,
    movedOut,
  }));
  const resident: Resident = { niNumber, givenNames: 'Test', surname: 'Person', birthDate: '1980-01-01', residences };
  const file = join(mkdtempSync(join(folder, 'lived-')), 'council.sqlite');
  writeResidents(file, [resident]);
  return tryOnSqlite('council.sqlite', file);
}

describe('the council’s template', () => {
  it.each([
    ['2025-11-22', ['2026-11-21', '2026-11-22', '2026-11-23'], [false, true, true]],
    ['2027-02-28', ['2028-02-27', '2028-02-28', '2028-02-29'], [false, true, true]],
    ['2024-02-29', ['2025-02-27', '2025-02-28', '2025-03-01'], [false, false, true]],
  ] as const)('has a concern once twelve months have passed since somebody moved out on %s', (left, days, expected) => {
    const asking = lived(['2010-01-01', left]);
    expect(days.map((day) => asking(niNumber, day).concern)).toEqual(expected);
  });

  it('does not count a home that is moved into later', () => {
    const asking = lived(['2026-11-22', null]);
    expect(['2026-11-21', '2026-11-22'].map((day) => asking(niNumber, day).concern)).toEqual([true, false]);
  });

  it('needs only one of several homes to be recent', () => {
    expect(lived(['2010-01-01', '2012-01-01'], ['2012-01-01', null])(niNumber, '2026-11-22').concern).toBe(false);
  });

  it('tells somebody unknown from somebody who left', () => {
    const asking = lived(['2010-01-01', '2012-01-01']);
    expect(asking('ZY000000A', '2026-11-22')).toEqual({ concern: true, reason: 'not-on-record' });
    expect(asking(niNumber, '2026-11-22')).toEqual({ concern: true, reason: 'no-recent-residence' });
  });
});
