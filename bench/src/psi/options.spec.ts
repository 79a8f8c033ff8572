import { describe, expect, it } from '@jest/globals';
import { readOptions } from './options.js';

describe('what is asked of the benchmark', () => {
  it('is 10,000 records of each holder, counted, by all three ways, unless told', () => {
    expect(readOptions({})).toEqual({ elements: [10_000], mode: 'count', without: new Set(), engines: [undefined] });
  });

  it('is several sizes, the smallest first and each once', () => {
    expect(readOptions({ elements: '1000,100,1000' })?.elements).toEqual([100, 1_000]);
  });

  it('leaves out what is named, once or with commas', () => {
    const without = ['mesh,psi-js', 'library'];
    expect(readOptions({ without })?.without).toEqual(new Set(['mesh', 'psi-js', 'library']));
  });

  it('passes on the names of engines, each once', () => {
    expect(readOptions({ engine: 'noble' })?.engines).toEqual(['noble']);
    expect(readOptions({ engine: 'sodium,noble,sodium' })?.engines).toEqual(['sodium', 'noble']);
  });

  it.each([
    { elements: '' },
    { elements: '99' },
    { elements: '10000001' },
    { elements: '1000.5' },
    { elements: '1000,' },
    { elements: 'many' },
    { mode: 'on-approval' },
    { without: ['everything'] },
    { without: [''] },
    { engine: '' },
    { engine: 'noble,' },
  ])('is nothing for %p', (written) => {
    expect(readOptions(written)).toBe(undefined);
  });
});
