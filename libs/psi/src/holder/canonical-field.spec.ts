import { describe, expect, it } from '@jest/globals';
import type { FieldFormat } from '@anonymesh/protocol';
import { canonicalField } from './canonical-field.js';

describe("a driver's value", () => {
  it.each<[FieldFormat, unknown, string]>([
    ['date', '2014-03-09', '2014-03-09'],
    ['date', ' 2014-03-09 ', '2014-03-09'],
    ['date', '2014-03-09T00:00:00.000Z', '2014-03-09'],
    ['date', '2014-03-09 00:00:00', '2014-03-09'],
    ['date', '2014-03-09 00:00:00+00', '2014-03-09'],
    ['date', new Date('2014-03-09'), '2014-03-09'],
    ['nhs-number', 9434765919, '9434765919'],
    ['nhs-number', 9434765919n, '9434765919'],
    ['nhs-number', '943 476-5919', '9434765919'],
    ['name', ' O\u2019Neill ', "o'neill"],
    ['name', 'Smith\u2010Jones', 'smith-jones'],
    ['postcode', 'sw1a1aa', 'SW1A 1AA'],
    ['text', 'Case\u00a0 N\u00ba 7', 'case no 7'],
    ['text', 7, '7'],
    ['ni-number', 'ab 12 34 56 c', 'AB123456C'],
  ])('of the format %s, %p, becomes %p', (format, raw, text) => {
    expect(canonicalField(format, raw)).toBe(text);
  });

  it.each([undefined, null, '', '  ', '\u00a0\t'])('%p is no value in any format', (raw) => {
    for (const format of ['ni-number', 'nhs-number', 'name', 'date', 'postcode', 'text'] as const)
      expect(canonicalField(format, raw)).toBe('');
  });

  it.each<[FieldFormat, unknown]>([
    ['date', new Date('2014-03-09T01:00:00Z')],
    ['date', new Date(NaN)],
    ['date', '2014-03-09T00:00:00+01:00'],
    ['date', '2014-03-09T00:00:01Z'],
    ['date', '09/03/2014'],
    ['date', '2014-02-30'],
    ['date', 20140309],
    ['nhs-number', '9434765918'],
    ['nhs-number', 943476591],
    ['nhs-number', 9434765919.5],
    ['text', 'a\u0000b'],
    ['text', '\ud800'],
    ['text', 'x'.repeat(201)],
    ['text', true],
    ['text', NaN],
    ['text', {}],
    ['text', ['a']],
    ['text', Buffer.from('a')],
    ['text', Symbol('a')],
    ['name', "Robert'); drop"],
  ])('is not of the format %s: %p', (format, raw) => {
    expect(canonicalField(format, raw)).toBe(undefined);
  });
});
