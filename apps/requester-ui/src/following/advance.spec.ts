import { describe, expect, it } from '@jest/globals';
import { advanceOf } from './advance.js';

const check = { kind: 'check', answered: 1, holders: 3, stage: null, percent: null } as const;
const set = { kind: 'set', answered: 0, holders: 2, stage: 'exchanging', percent: 40 } as const;

describe('progress', () => {
  it('is news where more have answered, and never goes back', () => {
    expect(advanceOf(check, { answered: 2 })).toEqual({ answered: 2, stage: null, percent: null });
    expect(advanceOf(check, { answered: 1 })).toBe(undefined);
    expect(advanceOf(check, { answered: 0 })).toBe(undefined);
  });

  it('counts no more holders than there are', () => {
    expect(advanceOf(check, { answered: 64 })?.answered).toBe(3);
  });

  it('of a set query is news where the stage or its percent is further', () => {
    expect(advanceOf(set, { answered: 0, set: { stage: 'exchanging', percent: 41 } })?.percent).toBe(41);
    expect(advanceOf(set, { answered: 0, set: { stage: 'combining', percent: 0 } })?.stage).toBe('combining');
    expect(advanceOf(set, { answered: 0, set: { stage: 'exchanging', percent: 40 } })).toBe(undefined);
    expect(advanceOf(set, { answered: 0, set: { stage: 'reading', percent: 100 } })).toBe(undefined);
    expect(
      advanceOf({ ...set, stage: null, percent: null }, { answered: 0, set: { stage: 'reading', percent: 0 } }),
    ).toEqual({ answered: 0, stage: 'reading', percent: 0 });
  });

  it('of a set query keeps its stage where only the count rises', () => {
    expect(advanceOf(set, { answered: 1 })).toEqual({ answered: 1, stage: 'exchanging', percent: 40 });
  });

  it('of a check has no stages, whatever is said', () => {
    expect(advanceOf(check, { answered: 1, set: { stage: 'reading', percent: 10 } })).toBe(undefined);
  });
});
