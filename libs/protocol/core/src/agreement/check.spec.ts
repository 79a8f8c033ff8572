import { describe, expect, it } from '@jest/globals';
import { makeAgreement } from '../fixtures/made-agreement.js';
import { concernsThatCount } from './check.js';

describe('an agreement on checks', () => {
  it.each([
    ['any', 1],
    ['all', 2],
    [{ atLeast: 1 }, 1],
    [{ atLeast: 2 }, 2],
  ] as const)('by %j counts from %i of two concerns on', (combination, count) => {
    expect(concernsThatCount(makeAgreement({ combination }))).toBe(count);
  });
});
