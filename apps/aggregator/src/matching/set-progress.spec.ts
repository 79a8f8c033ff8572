import { describe, expect, it } from '@jest/globals';
import { setProgress, type HolderPlace } from './set-progress.js';

const at = (stage: HolderPlace['stage'], percent: number, isComplete = false): HolderPlace => {
  return { stage, percent, isComplete };
};

describe('the progress of a set query', () => {
  it('is that of the holder that is least far, with the others that are past it', () => {
    const holders = [at('reading', 40), at('exchanging', 10), at('exchanging', 90)];
    expect(setProgress('collecting', holders)).toEqual({ answered: 0, set: { stage: 'reading', percent: 80 } });
    const later = [at('exchanging', 20), at('exchanging', 10), at('exchanging', 90, true)];
    expect(setProgress('collecting', later)).toEqual({ answered: 1, set: { stage: 'exchanging', percent: 43 } });
  });

  it('is the same whoever is the last', () => {
    const places = [at('reading', 40), at('exchanging', 10), at('combining', 0, true)];
    expect(setProgress('collecting', places)).toEqual(setProgress('collecting', [...places].reverse()));
  });

  it('is our matching once all tokens are here, and then what people have approved', () => {
    const complete = [at('exchanging', 98, true), at('combining', 100, true)];
    expect(setProgress('combining', complete)).toEqual({ answered: 2, set: { stage: 'combining', percent: 100 } });
    expect(setProgress('approving', complete)).toEqual({ answered: 2, set: { stage: 'approving', percent: 0 } });
    const approving = [at('approving', 100, true), at('combining', 100, true)];
    expect(setProgress('approving', approving)).toEqual({ answered: 2, set: { stage: 'approving', percent: 50 } });
  });
});
