import { describe, expect, it } from '@jest/globals';
import { canonicalText } from './formats.js';

describe('an NHS number', () => {
  it.each(['9434765919', '943 476 5919', ' 943-476-5919 ', '９４３４７６５９１９'])('may be typed as %s', (typed) => {
    expect(canonicalText('nhs-number', typed)).toBe('9434765919');
  });

  it('ends with the digit that checks the others', () => {
    const fitting = Array.from({ length: 10 }, (_, last) => `943476591${last}`).filter(
      (typed) => canonicalText('nhs-number', typed) !== undefined,
    );
    expect(fitting).toEqual(['9434765919']);
  });

  it('may be checked by a nought, and is none where no digit would do', () => {
    expect(canonicalText('nhs-number', '4010232080')).toBe('4010232080');
    for (let last = 0; last < 10; last++) expect(canonicalText('nhs-number', `401023203${last}`)).toBe(undefined);
  });

  it.each(['943476591', '94347659190', '943476591x', '943476591٩', '+9434765919'])('is not %s', (typed) => {
    expect(canonicalText('nhs-number', typed)).toBe(undefined);
  });
});

describe('plain text', () => {
  it.each([
    ['  Case\t No  7 ', 'case no 7'],
    ['Stra\u00dfe \u2014 7', 'straße - 7'],
    ['ＡＢ\u00b2', 'ab2'],
  ])('is brought from %j to %j', (typed, text) => expect(canonicalText('text', typed)).toBe(text));

  it.each(['a\u0000', 'a\u200bb', '\ue000', '\ud83d'])('is not %j', (typed) => {
    expect(canonicalText('text', typed)).toBe(undefined);
  });
});
