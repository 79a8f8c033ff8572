import { describe, expect, it } from '@jest/globals';
import { createPublicKey, diffieHellman } from 'node:crypto';
import { rawPublicKey } from '@anonymesh/protocol';
import { canonicalReference, lookupIdOf, mintReference, parseReference, queryKeyOf, seedOf } from './reference.js';

const symbols = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const checkSymbols = `${symbols}*~$=U`;
const minted = Array.from({ length: 20 }, mintReference);
const plain = (reference: string) => reference.replaceAll('-', '');
const replace = (text: string, place: number, symbol: string) => text.slice(0, place) + symbol + text.slice(place + 1);

describe('a reference', () => {
  it('is sixteen symbols and a check symbol, never the same twice', () => {
    for (const reference of minted) {
      expect(reference).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){4}[0-9A-HJKMNP-TV-Z*~$=U]$/);
      expect(parseReference(reference)).toBe(plain(reference).slice(0, 16));
    }
    expect(new Set(minted).size).toBe(minted.length);
  });

  it('uses every symbol at every place: no bit of the eighty is fixed', () => {
    const many = Array.from({ length: 800 }, () => plain(mintReference()));
    for (let place = 0; place < 16; place += 1) expect(new Set(many.map((text) => text[place])).size).toBe(32);
  });

  it('is read as people copy it', () => {
    for (const reference of minted) {
      const body = parseReference(reference);
      const typed = [reference.toLowerCase(), plain(reference), ` ${reference} `, reference.replaceAll('-', ' ')];
      typed.push(reference.replaceAll('0', 'O'), reference.replaceAll('0', 'o'));
      typed.push(reference.replaceAll('1', 'I'), reference.replaceAll('1', 'l'), reference.replaceAll('1', 'L'));
      for (const text of typed)
        expect([text, parseReference(text), canonicalReference(text)]).toEqual([text, body, reference]);
    }
  });

  it('tells every single symbol that is wrong', () => {
    for (const text of minted.slice(0, 5).map(plain))
      for (let place = 0; place < text.length; place += 1)
        for (const symbol of place === 16 ? checkSymbols : symbols)
          if (symbol !== text[place]) expect(parseReference(replace(text, place, symbol))).toBe(undefined);
  });

  it('tells every two neighbours that changed places, the check symbol among them', () => {
    for (const text of minted.map(plain))
      for (let place = 0; place < 16; place += 1) {
        const [one = '', other = ''] = [text[place], text[place + 1]];
        if (one === other) continue;
        expect(parseReference(replace(replace(text, place, other), place + 1, one))).toBe(undefined);
      }
  });

  it.each([
    '',
    '-',
    'ABCD',
    plain(minted[0] ?? '').slice(0, 16),
    `${minted[0]}0`,
    '*'.repeat(17),
    `${'0'.repeat(15)}*0`,
    'é'.repeat(17),
    '0'.repeat(60),
    '🙂'.repeat(9),
  ])('is not %j', (typed) => expect(parseReference(typed)).toBe(undefined));

  it('has the check symbol of Crockford’s specification: the number modulo 37', () => {
    const number = (text: string) => [...text].reduce((sum, symbol) => sum * 32n + BigInt(symbols.indexOf(symbol)), 0n);
    for (const text of minted.map(plain)) expect(text[16]).toBe(checkSymbols[Number(number(text.slice(0, 16)) % 37n)]);
  });
});

describe('what follows from a reference', () => {
  // scrypt(N = 2^12, r = 8, p = 1), then HKDF-SHA512: computed with Python's hashlib and hmac and, for X25519, the ladder of RFC 7748.
  const reference = '0123-4567-89AB-CDEF-K';

  it('is the same wherever and whenever it is computed', async () => {
    const seed = await seedOf(reference);
    expect(seed.toString('hex')).toBe('050c7597792f0f5659c7dad9cd061a16734bb20d3103be991511321049e32be1');
    expect([0, 1, 2].map((t) => lookupIdOf(seed, t))).toEqual([
      '3FN1C4mJSekSIk-RpIAW3w',
      'uRBMBmTTDJo2uSX44x8YlQ',
      'vaR-PS5BhxOgugGBZRnOPA',
    ]);
    expect([0, 1].map((t) => queryKeyOf(seed, t).text)).toEqual([
      'eYFQNM-6MuHPGPL7u5VBJA7OaX7dTzjcF9xyVm1l2Gg',
      '4QAO7-jZByKKNV6WxztxiuL9ol_PnPOeO95iJbljiDw',
    ]);
  });

  it('does not depend on how it was typed', async () => {
    expect(await seedOf('o12345678 9abc defk')).toEqual(await seedOf(reference));
  });

  it('is nothing where it is no reference', async () => {
    await expect(seedOf('0123-4567-89AB-CDEF-0')).rejects.toThrow(TypeError);
  });

  it('is a key pair whose halves belong together', async () => {
    const seed = await seedOf(reference);
    const { own, public: known, text } = queryKeyOf(seed, 0);
    expect(own.kid).toBe(known.kid);
    expect(rawPublicKey(createPublicKey(own.key)).toString('base64url')).toBe(text);
    const other = queryKeyOf(seed, 1);
    const [one, two] = [
      diffieHellman({ privateKey: own.key, publicKey: other.public.key }),
      diffieHellman({ privateKey: other.own.key, publicKey: known.key }),
    ];
    expect(one).toEqual(two);
  });

  it('cannot be linked from one asking to the next', async () => {
    const seed = await seedOf(reference);
    const all = [0, 1, 2, 3].flatMap((t) => [
      lookupIdOf(seed, t),
      queryKeyOf(seed, t).text,
      queryKeyOf(seed, t).own.kid,
    ]);
    expect(new Set(all).size).toBe(12);
    expect(() => lookupIdOf(seed, -1)).toThrow('out of range');
  });
});
