import { describe, expect, it } from '@jest/globals';
import { SourceFault } from '../sources/source-fault.js';
import type { Evaluated } from './evaluate.js';
import { nextStep } from './next-step.js';

const finding = { concern: true, reason: 'A tax return is missing.' };
const again: Evaluated = { failed: 'again', cause: new SourceFault('unavailable') };
const unfit: Evaluated = { failed: 'unfit' };
const silent: Evaluated = { failed: 'silent' };
const ended: Evaluated = { failed: 'ended' };
const due = 100_000;

describe('the next step', () => {
  it('releases what was found, while it still counts', () => {
    expect(nextStep(finding, due, due - 1)).toEqual({ kind: 'release', finding });
    expect(nextStep({ concern: false, reason: '' }, due, 0)).toMatchObject({ kind: 'release' });
  });

  it('tries again while there is time for one more try and a refusal', () => {
    expect(nextStep(again, due, 0)).toEqual({ kind: 'again', at: 1000 });
    expect(nextStep(again, due, due - 2001)).toEqual({ kind: 'again', at: due - 1001 });
  });

  it('refuses before it is too late', () => {
    expect(nextStep(again, due, due - 2000)).toEqual({ kind: 'refuse', code: 'source-failed' });
    expect(nextStep(again, due, due - 1)).toEqual({ kind: 'refuse', code: 'source-failed' });
  });

  it('refuses at once what cannot be answered as agreed: never a no in its place', () => {
    expect(nextStep(unfit, due, 0)).toEqual({ kind: 'refuse', code: 'source-unfit' });
  });

  it('waits for the word of a party that is silent as long as there is time, and says then that it was that', () => {
    expect(nextStep(silent, due, 0)).toEqual({ kind: 'again', at: 1000 });
    expect(nextStep(silent, due, due - 2001)).toEqual({ kind: 'again', at: due - 1001 });
    expect(nextStep(silent, due, due - 2000)).toEqual({ kind: 'refuse', code: 'agreement-not-in-force' });
  });

  it('refuses at once under an agreement that has ended, however much time there is', () => {
    expect(nextStep(ended, due, 0)).toEqual({ kind: 'refuse', code: 'agreement-not-in-force' });
  });

  it.each([finding, again, unfit, silent, ended])('drops what is too late: %j', (evaluated) => {
    expect(nextStep(evaluated, due, due)).toEqual({ kind: 'drop' });
    expect(nextStep(evaluated, due, due + 1)).toEqual({ kind: 'drop' });
  });
});
