import { describe, expect, it } from '@jest/globals';
import { outcome } from '@anonymesh/protocol-outcome';
import { decideSet, type Ending, type HolderSoFar, type SetSoFar, type Stage } from './decide-set.js';

const complete: HolderSoFar = { isComplete: true, differs: false, hasReleased: false };
const missing: HolderSoFar = { ...complete, isComplete: false };
const differing: HolderSoFar = { ...missing, differs: true };
const released: HolderSoFar = { ...complete, hasReleased: true };
const refusing = (refusal: NonNullable<HolderSoFar['refusal']>, holder = missing): HolderSoFar => ({
  ...holder,
  refusal,
});

const decide = (stage: Stage, holders: HolderSoFar[], change: Partial<SetSoFar> = {}) =>
  decideSet({ stage, holders, controlsAgree: () => true, people: 7, isDue: false, ...change });

describe('what comes next for a set query', () => {
  it('waits until all tokens are here, and then matches', () => {
    expect(decide('collecting', [complete, complete, missing])).toBe('wait');
    expect(decide('collecting', [complete, complete, complete])).toBe('combine');
  });

  it('does not match what was made with different keys', () => {
    const disagree = { outcome: 'refer', code: 'answers-disagree', answered: 3 };
    expect(decide('collecting', [complete, complete, complete], { controlsAgree: () => false })).toEqual(disagree);
  });

  it('does not match a holder that has said two things, and tells of it once the others have spoken', () => {
    const disagree = { outcome: 'refer', code: 'answers-disagree', answered: 2 };
    expect(decide('collecting', [differing, missing])).toBe('wait');
    expect(decide('collecting', [differing, complete])).toEqual(disagree);
  });

  it('ends at the first refusal, at any time before the end', () => {
    const refused = (answered: number) => ({ outcome: 'refer', code: 'holder-refused', answered });
    expect(decide('collecting', [refusing('bad-point'), missing, missing])).toEqual(refused(0));
    expect(decide('collecting', [refusing('source-failed'), complete, missing])).toEqual(refused(1));
    expect(decide('combining', [refusing('source-failed', complete), complete])).toEqual(refused(1));
    expect(decide('approving', [refusing('unavailable', released), complete])).toEqual(refused(1));
    expect(decide('ending', [refusing('bad-point'), missing])).toBe('wait');
  });

  it('tells of a set that is too large or unfit before any other refusal', () => {
    const codeOf = (...holders: HolderSoFar[]) => (decide('collecting', holders) as Ending).code;
    expect(codeOf(refusing('source-failed'), refusing('set-unfit'))).toBe('set-unfit');
    expect(codeOf(refusing('set-unfit'), refusing('set-too-large'))).toBe('set-too-large');
  });

  it('releases once all holders have released', () => {
    const ending = { outcome: 'released', code: 'all-answered', answered: 2, people: 7 };
    expect(decide('approving', [released, complete])).toBe('wait');
    expect(decide('approving', [released, released], { isDue: true })).toEqual(ending);
  });

  it('ends at the deadline with nothing, in words that an outcome may have, whatever there is', () => {
    const kinds = [complete, missing, differing, released, refusing('bad-point'), refusing('set-unfit', complete)];
    for (const stage of ['collecting', 'combining', 'approving'] as const)
      for (const one of kinds)
        for (const other of kinds)
          for (const agree of [true, false]) {
            const step = decide(stage, [one, other], { isDue: true, controlsAgree: () => agree });
            if (step === 'combine') expect([one, other].every(({ isComplete }) => isComplete)).toBe(true);
            else {
              const body = { agreement: 'A'.repeat(43), holders: 2, ...(step as Ending) };
              expect(outcome.body.safeParse(body)).toMatchObject({ success: true });
              expect(body.outcome === 'released').toBe(stage === 'approving' && one === released && other === released);
            }
          }
  });
});
