import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { canonicalBytes, lengthPrefixed, sha256, sha256Of } from './canonical.js';

describe('canonical JSON (RFC 8785)', () => {
  it('3.2.2: writes numbers, literals and escapes in one way', () => {
    const sample = {
      numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: '\u20ac$\u000f\u000aA\'\u0042\u0022\u005c\\"/',
      literals: [null, true, false],
    };
    const expected =
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
      '"string":"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}';
    expect(canonicalBytes(sample).toString()).toBe(expected);
  });

  it('3.2.3: sorts names by UTF-16 code units', () => {
    const sample = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\ud83d\ude00': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    };
    const sorted = ['\r', '1', '\u0080', '\u00f6', '\u20ac', '\ud83d\ude00', '\ufb33'];
    const places = sorted.map((name) => canonicalBytes(sample).toString().indexOf(JSON.stringify(name)));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  it('3.2.2.3: refuses numbers that JSON does not have', () => {
    for (const value of [NaN, Infinity, -Infinity]) expect(() => canonicalBytes({ value })).toThrow();
    expect(canonicalBytes([-0]).toString()).toBe('[0]');
  });

  it('refuses what is no JSON at all', () => {
    for (const value of [undefined, () => 1, Symbol('s')]) expect(() => canonicalBytes(value)).toThrow(TypeError);
  });

  it('is the same whatever the order of members, and reads back', () => {
    const property = fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const backwards = Object.fromEntries(Object.entries(value).reverse());
      expect(canonicalBytes(backwards)).toEqual(canonicalBytes(value));
      expect(canonicalBytes(JSON.parse(canonicalBytes(value).toString()))).toEqual(canonicalBytes(value));
    });
    fc.assert(property, { numRuns: 200 });
  });
});

describe('hashes', () => {
  it('are SHA-256', () => {
    const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    expect(sha256('abc').toString('hex')).toBe(abc);
    expect(sha256Of(Buffer.from('abc'))).toBe(Buffer.from(abc, 'hex').toString('base64url'));
    expect(sha256('€')).toEqual(createHash('sha256').update('€', 'utf8').digest());
  });
});

describe('length-prefixed parts', () => {
  it('never give the same bytes for two lists', () => {
    const parts = fc.array(fc.string(), { maxLength: 4 });
    const property = fc.property(parts, parts, (one, other) => {
      const same = JSON.stringify(one) === JSON.stringify(other);
      expect(lengthPrefixed(...one).equals(lengthPrefixed(...other))).toBe(same);
    });
    fc.assert(property);
    expect(lengthPrefixed('a', 'bc').equals(lengthPrefixed('ab', 'c'))).toBe(false);
    expect(lengthPrefixed('a').toString('hex')).toBe('0000000161');
  });
});
