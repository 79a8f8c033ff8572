import { describe, expect, it } from '@jest/globals';
import type { Inquiry } from './dwp.js';
import { tryOnDocuments } from './try-template.js';

const niNumber = 'AB123456C';
const closed = { kind: 'fraud', openedOn: '2026-01-10', closedOn: '2026-11-21' } as const;
const open = { ...closed, closedOn: null };

function concerned(inquiries: readonly Inquiry[], ...days: string[]): boolean[] {
  const asking = tryOnDocuments([
    { niNumber: 'AB123456D', inquiries: [] },
    { niNumber, inquiries },
  ]);
  return days.map((day) => asking(niNumber, day).concern);
}

describe('DWP’s template', () => {
  it('has a concern from the day an inquiry opens until the day before it is closed', () => {
    const days = ['2026-01-09', '2026-01-10', '2026-11-20', '2026-11-21', '2026-11-22'];
    expect(concerned([closed], ...days)).toEqual([false, true, true, false, false]);
  });

  it('finds one open inquiry among closed ones', () => {
    expect(concerned([closed, open, closed], '2026-11-22')).toEqual([true]);
  });

  it('does not mix the opening of one inquiry with the closing of another', () => {
    expect(concerned([closed, { ...open, openedOn: '2027-01-01' }], '2026-11-22')).toEqual([false]);
  });

  it('has no concern about a routine review, or about somebody without inquiries', () => {
    expect(concerned([{ ...open, kind: 'review' }], '2026-11-22')).toEqual([false]);
    expect(concerned([], '2026-11-22')).toEqual([false]);
  });

  it('has no concern about somebody unknown, whatever others have open', () => {
    expect(tryOnDocuments([{ niNumber, inquiries: [open] }])('ZY000000A', '2026-11-22').concern).toBe(false);
  });
});
