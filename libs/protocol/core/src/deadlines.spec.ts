import { describe, expect, it } from '@jest/globals';
import { deadlinesOf, embargoOf, untimely } from './deadlines.js';
import { clockTolerance } from './envelope/open.js';
import { makeAgreement } from './fixtures/made-agreement.js';
import { makeManifest } from './fixtures/made-manifest.js';

const noon = Date.UTC(2026, 5, 15, 12);
const at = (issuedAt: number) => makeManifest({ issuedAt });

describe('deadlines', () => {
  it.each([
    [2, 200],
    [10, 1000],
    [50, 5000],
    [60, 5000],
    [86_400, 5000],
  ])('of %i seconds keep %i milliseconds for the way home', (deadlineSeconds, kept) => {
    const { answers, outcome } = deadlinesOf({ issuedAt: noon }, makeAgreement({ deadlineSeconds }));
    expect(outcome - noon).toBe(deadlineSeconds * 1000);
    expect(outcome - answers).toBe(kept);
  });
});

describe('an embargo', () => {
  const told = (afterSeconds?: number) =>
    embargoOf(noon, makeAgreement({ tellsSubject: { concerns: true, ...(afterSeconds && { afterSeconds }) } }));

  it('begins when the answers were due', () => {
    expect(told(3600)).toBe(noon + 3_600_000);
  });

  it('is none unless agreed', () => {
    expect(told()).toBeUndefined();
  });
});

describe('a manifest', () => {
  const agreement = makeAgreement();
  const { answers } = deadlinesOf({ issuedAt: noon }, agreement);

  it('is timely until its answers are due', () => {
    expect(untimely(at(noon), agreement, noon)).toBe(undefined);
    expect(untimely(at(noon), agreement, answers - 1)).toBe(undefined);
    expect(untimely(at(noon), agreement, answers)).toBe('deadline-passed');
  });

  it('may come from a clock that is a little ahead, and no more', () => {
    expect(untimely(at(noon + clockTolerance), agreement, noon)).toBe(undefined);
    expect(untimely(at(noon + clockTolerance + 1), agreement, noon)).toBe('from-the-future');
  });

  it.each([
    ['2025-12-31T23:59:59.999Z', 'agreement-not-in-force'],
    ['2026-01-01T00:00:00.000Z', undefined],
    ['2026-12-31T23:59:59.999Z', undefined],
    ['2027-01-01T00:00:00.000Z', 'agreement-not-in-force'],
  ])('of %s is judged by the first and the last day of the agreement', (time, code) => {
    const issuedAt = Date.parse(time);
    expect(untimely(at(issuedAt), agreement, issuedAt + 1)).toBe(code);
  });
});
