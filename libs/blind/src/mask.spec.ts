import { describe, expect, it } from '@jest/globals';
import { answersOf, circle, freshContext } from '../fixtures/circle.js';
import { type MaskContext, type MaskedFlag, maskFlag } from './index.js';
import { decodeScalar, subtract } from './scalar.js';

const holders = circle(3);
const [hmrc] = holders;
if (hmrc === undefined) throw new Error('a circle has a first holder');
const { id: self, ...secrets } = hmrc;

function answer(context: MaskContext, flag: boolean, combination: 'any' | 'all' = 'any') {
  return maskFlag({ self, flag, combination, context, ...secrets });
}

describe('maskFlag', () => {
  it('gives the same bytes for the same input, so that an answer can be sent again', () => {
    const context = freshContext(holders);
    expect(answer(context, true)).toEqual(answer(context, true));
  });

  it('gives an unflagged holder numbers that look like any other', () => {
    const seen = Array.from({ length: 50 }, () => answer(freshContext(holders), false));
    const all = seen.flatMap(({ masked, check }) => [masked, check]);
    expect(new Set(all.map((bytes) => Buffer.from(bytes).toString('hex'))).size).toBe(100);
    // None is small: 2²⁰⁰ times likelier to be a fault than chance.
    expect(all.map((bytes) => decodeScalar(bytes) ?? 0n).every((scalar) => scalar > 2n ** 52n)).toBe(true);
  });

  it('masks flag and check differently', () => {
    const { masked, check } = answer(freshContext(holders), false);
    expect(masked).not.toEqual(check);
  });

  it('sends in `all` what it would send in `any` for the opposite flag', () => {
    const context = freshContext(holders);
    expect(answer(context, true, 'all')).toEqual(answer(context, false, 'any'));
    expect(answer(context, false, 'all')).toEqual(answer(context, true, 'any'));
  });

  it('weighs a concern with a number that differs by holder, query and peers’ keys', () => {
    const contexts = [freshContext(holders), freshContext(holders)];
    const [first] = contexts;
    if (first !== undefined) contexts.push({ ...first, keyIds: { ...first.keyIds, dwp: 'dwp/mask/2' } });
    const weights = contexts.flatMap((context) => {
      const [clear, concern] = [false, true].map((flag) =>
        answersOf(holders, { flags: [flag, flag, flag], combination: 'any', context }),
      );
      return holders.map((_, place) => difference(concern?.[place], clear?.[place]));
    });
    expect(new Set(weights).size).toBe(contexts.length * holders.length);
    expect(weights).not.toContain(0n);
  });

  it.each<[string, (context: MaskContext) => MaskContext]>([
    ['a short query ID', (context) => ({ ...context, queryId: 'ab' })],
    ['an upper-case query ID', (context) => ({ ...context, queryId: 'A'.repeat(32) })],
    ['a query ID with a line end', (context) => ({ ...context, queryId: `${'a'.repeat(32)}\n` })],
    ['a padded agreement hash', (context) => ({ ...context, agreementHash: `${context.agreementHash}=` })],
    ['an agreement hash with loose last bits', (context) => ({ ...context, agreementHash: `${'A'.repeat(42)}B` })],
    ['an agreement hash in base64', (context) => ({ ...context, agreementHash: '+'.repeat(42) + 'A' })],
    ['a holder without a key', (context) => ({ ...context, keyIds: { ...context.keyIds, dwp: '' } })],
    ['one holder', (context) => ({ ...context, keyIds: { hmrc: 'hmrc/mask/1' } })],
    ['holders without oneself', (context) => ({ ...context, keyIds: { dwp: 'a', council: 'b' } })],
    ['a holder whose secret is unknown', (context) => ({ ...context, keyIds: { ...context.keyIds, police: 'a' } })],
  ])('refuses a context with %s', (_what, spoil) => {
    expect(() => answer(spoil(freshContext(holders)), true)).toThrow(RangeError);
  });

  it('refuses secrets that are not 32 bytes', () => {
    const input = { self, flag: true, combination: 'any', context: freshContext(holders), ...secrets } as const;
    const pairSecrets = new Map([...secrets.pairSecrets, ['dwp', new Uint8Array()]]);
    expect(() => maskFlag({ ...input, pairSecrets })).toThrow(RangeError);
    expect(() => maskFlag({ ...input, ownMaskSecret: new Uint8Array(31) })).toThrow(RangeError);
  });

  it('does not say in an error what it was given', () => {
    const context = { ...freshContext(holders), queryId: 'QQ123456C' };
    const named = { ...context.keyIds, 'Jane Roe': '' };
    const attempts = [() => answer(context, true), () => answer({ ...context, keyIds: named }, true)];
    for (const attempt of attempts) expect(attempt).toThrow(/^(?!.*(QQ123456C|Jane Roe)).+$/);
  });
});

function difference(one: MaskedFlag | undefined, other: MaskedFlag | undefined): bigint {
  if (one === undefined || other === undefined) throw new Error('every holder answers');
  return subtract(decodeScalar(one.masked) ?? 0n, decodeScalar(other.masked) ?? 0n);
}
