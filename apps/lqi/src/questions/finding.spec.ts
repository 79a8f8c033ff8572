import { describe, expect, it } from '@jest/globals';
import { taxTemplate } from '../fixtures/made-dispatch.js';
import { findingOf } from './finding.js';

const reasons = { 'return-missing': 'A tax return is missing.', 'tax-owed': 'Tax is owed.' };
const row = { ...taxTemplate, reasons, answer: 'row' as const };
const exists = { ...row, answer: 'exists' as const };
const concern = { concern: true, reason: 'A tax return is missing.' };
const calm = { concern: false, reason: '' };

describe('a finding by a row', () => {
  it.each([true, 1, 1n])('is a concern where the column says %p', (value) => {
    expect(findingOf(row, [{ concern: value }])).toEqual(concern);
  });

  it.each([false, 0, 0n])('is none where the column says %p', (value) => {
    expect(findingOf(row, [{ concern: value, reason: 'tax-owed' }])).toEqual(calm);
  });

  it.each([null, undefined, '', '0', '1', 'true', 'f', 2, -1, 0.5, NaN, 2n, [], {}, new Date(0)])(
    'is unfit, and never a no, where the column says %p',
    (value) => {
      expect(findingOf(row, [{ concern: value }])).toBe('unfit');
    },
  );

  it.each([
    ['no row', []],
    ['two rows', [{ concern: false }, { concern: false }]],
    ['another column', [{ Concern: false }]],
  ])('is unfit with %s', (_what, rows) => {
    expect(findingOf(row, rows)).toBe('unfit');
  });

  it('has the reason that the row names, from the template’s list and from nowhere else', () => {
    expect(findingOf(row, [{ concern: true, reason: 'tax-owed' }])).toEqual({ concern: true, reason: 'Tax is owed.' });
    expect(findingOf(row, [{ concern: true, reason: null }])).toEqual(concern);
    for (const reason of ['other', 'constructor', '', 7, 'He owes 3,000 pounds'])
      expect(findingOf(row, [{ concern: true, reason }])).toBe('unfit');
  });
});

describe('a finding by whether there is any row', () => {
  it('is a concern with one row or more, and none with none', () => {
    expect(findingOf(exists, [])).toEqual(calm);
    expect(findingOf(exists, [{}])).toEqual(concern);
    expect(findingOf(exists, [{ id: 1 }, { id: 2 }])).toEqual(concern);
    expect(findingOf(exists, [{ reason: 'tax-owed' }])).toEqual({ concern: true, reason: 'Tax is owed.' });
    expect(findingOf(exists, [{ reason: 'other' }])).toBe('unfit');
  });
});
