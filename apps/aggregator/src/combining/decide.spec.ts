import { describe, expect, it } from '@jest/globals';
import { agreeWith, conclude, maskFlag, type Combination, type MaskContext } from '@anonymesh/blind';
import type { HolderTerms, RefusalCode } from '@anonymesh/protocol';
import { createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { decide, type Word } from './decide.js';

const ids = ['council', 'dwp', 'hmrc', 'police'];
const keys = new Map(ids.map((id) => [id, generateKeyPairSync('x25519').privateKey]));
const refused: Word = { kind: 'refusal', code: 'source-failed' };

/** What the holders answer, each with its flag. */
function answers(
  flags: readonly boolean[],
  combination: Combination,
  queryId = randomBytes(16).toString('hex'),
): Word[] {
  const holders = ids.slice(0, flags.length);
  const context: MaskContext = {
    queryId,
    agreementHash: 'A'.repeat(43),
    commonFields: Buffer.from('{}'),
    keyIds: Object.fromEntries(holders.map((id) => [id, `${id} key`])),
  };
  return holders.map((self, place) => {
    const own = keyOf(self);
    const others = holders.filter((id) => id !== self);
    const pairSecrets = new Map(others.map((id) => [id, agreeWith(own, createPublicKey(keyOf(id)))]));
    const ownMaskSecret = Buffer.from(own.export({ format: 'jwk' }).d ?? '', 'base64url');
    const masked = maskFlag({ self, flag: flags[place] === true, combination, context, pairSecrets, ownMaskSecret });
    return { kind: 'answer', ...masked };
  });
}

function keyOf(id: string) {
  const key = keys.get(id);
  if (key === undefined) throw new Error(`${id} has no key`);
  return key;
}

const terms = (count: number, combination: Combination) => {
  return { holders: ids.slice(0, count).map((id) => ({ id }) as HolderTerms), combination };
};
const everyFlag = (count: number) =>
  Array.from({ length: 2 ** count }, (_, bits) =>
    Array.from({ length: count }, (__, place) => (bits >> place) % 2 === 1),
  );

describe('the decision', () => {
  const combinations: [string, Combination][] = [
    ['any', 'any'],
    ['all', 'all'],
    ['at least one', { atLeast: 1 }],
    ['at least two', { atLeast: 2 }],
    ['at least three', { atLeast: 3 }],
  ];

  it.each(combinations)('by %s is what the flags say in the open, for every way they can be', (_what, combination) => {
    for (const flags of everyFlag(3)) {
      const expected = { outcome: conclude(flags, combination), answered: 3, code: 'all-answered' };
      for (const isDue of [false, true])
        expect(decide(terms(3, combination), answers(flags, combination), isDue)).toEqual(expected);
    }
  });

  it.each(combinations)('by %s is never clear, nor a concern, unless every holder answered', (_what, combination) => {
    for (const flags of [
      [false, false, false],
      [true, true, true],
    ]) {
      const all = answers(flags, combination);
      for (let answered = 0; answered < 3; answered += 1)
        for (let refusing = 0; answered + refusing <= 3; refusing += 1) {
          const words = [...all.slice(0, answered), ...Array.from({ length: refusing }, () => refused)];
          const isAll = words.length === 3;
          const code = isAll ? 'holder-refused' : 'not-all-answered';
          expect(decide(terms(3, combination), words, true)).toEqual({ outcome: 'refer', answered, code });
          const early = decide(terms(3, combination), words, false);
          expect(early).toEqual(isAll ? { outcome: 'refer', answered, code } : undefined);
        }
    }
  });

  it('does not depend on the order of the words', () => {
    const words = answers([true, false, false], 'any');
    expect(decide(terms(3, 'any'), [...words].reverse(), false)).toMatchObject({ outcome: 'concern' });
  });

  it('is to refer where the answers are not to one question', () => {
    const disagree = { outcome: 'refer', answered: 3, code: 'answers-disagree' };
    const [first, second, third] = answers([false, false, false], 'any') as [Word, Word, Word];
    const [other] = answers([false, false, false], 'any') as [Word];
    const broken: Word = { kind: 'answer', masked: Buffer.alloc(32, 255), check: Buffer.alloc(32) };
    const short: Word = { kind: 'answer', masked: Buffer.alloc(31), check: Buffer.alloc(32) };
    for (const words of [
      [other, second, third],
      [first, first, third],
      [first, second, broken],
      [first, second, short],
    ])
      expect(decide(terms(3, 'any'), words, false)).toEqual(disagree);
  });

  it('is to refer where a count is not possible', () => {
    const words = answers([true, true, true], 'any');
    expect(decide(terms(3, { atLeast: 1 }), words, true)).toEqual({
      outcome: 'refer',
      answered: 3,
      code: 'answers-disagree',
    });
  });

  it('says where the requester can do something about a refusal, and never who refused', () => {
    const [first, second] = answers([true, true, true], 'any') as [Word, Word];
    const refusedWith = (code: RefusalCode): Word => ({ kind: 'refusal', code });
    const codeOf = (...words: Word[]) => decide(terms(3, 'any'), words, false)?.code;
    for (const code of ['requester-limit', 'agreement-limit', 'subject-limit'] as const)
      expect(codeOf(first, refusedWith(code), refused)).toBe('limit-reached');
    expect(codeOf(refusedWith('subject-limit'), refusedWith('would-isolate'), refused)).toBe('would-isolate');
    expect(codeOf(first, second, refusedWith('not-approved'))).toBe('holder-refused');
  });

  it('is not early: nothing is decided while there is time and a word is missing', () => {
    expect(decide(terms(4, 'any'), answers([true, true, true, true], 'any').slice(0, 3), false)).toBe(undefined);
    expect(decide(terms(4, 'any'), [], false)).toBe(undefined);
    expect(decide(terms(4, 'any'), [], true)).toEqual({ outcome: 'refer', answered: 0, code: 'not-all-answered' });
  });
});
