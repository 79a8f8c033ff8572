// The whole blind combination, holders and combiner together, against what the same flags mean in the open.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { answersOf, type Asked, circle, freshContext } from '../fixtures/circle.js';
import { type Combination, combine, conclude, type MaskContext, type MaskedFlag } from './index.js';
import { add, decodeScalar, encodeScalar } from './scalar.js';

const flagsAndCombination = fc.array(fc.boolean(), { minLength: 2, maxLength: 8 }).chain((flags) =>
  fc.record({
    flags: fc.constant(flags),
    combination: fc.oneof(
      fc.constantFrom<Combination>('any', 'all'),
      fc.integer({ min: 1, max: flags.length }).map((atLeast): Combination => ({ atLeast })),
    ),
  }),
);

type Question = Pick<Asked, 'flags' | 'combination'>;

function forEveryQuestion(check: (question: Question) => void): void {
  fc.assert(fc.property(flagsAndCombination, check), { numRuns: 60 });
}

function ask(question: Question, change: (context: MaskContext) => MaskContext = (context) => context): MaskedFlag[] {
  const holders = circle(question.flags.length);
  const context = freshContext(holders);
  return answersOf(holders, { ...question, context, contextOfLast: change(context) });
}

describe('the blind combination', () => {
  it('concludes what the flags would conclude in the open, in whatever order answers come', () => {
    forEveryQuestion(({ flags, combination }) => {
      const answers = ask({ flags, combination }).reverse();
      expect(combine(answers, flags.length, combination)).toEqual({ outcome: conclude(flags, combination) });
    });
  });

  it.each<[string, (context: MaskContext) => MaskContext]>([
    ['person', (context) => ({ ...context, commonFields: Buffer.from('{"niNumber":"QQ123456D"}') })],
    ['query ID', (context) => ({ ...context, queryId: '0'.repeat(32) })],
    ['agreement', (context) => ({ ...context, agreementHash: 'A'.repeat(43) })],
    ['set of key ids', (context) => ({ ...context, keyIds: { ...context.keyIds, hmrc: 'hmrc/mask/2' } })],
  ])('is a mismatch when one holder is given another %s', (_what, change) => {
    forEveryQuestion((question) => {
      const combined = combine(ask(question, change), question.flags.length, question.combination);
      expect(combined).toEqual({ refer: 'mismatch' });
    });
  });

  it('is a mismatch when one holder masks with another secret than its peer', () => {
    const [first, ...others] = circle(3);
    if (first === undefined) throw new Error('a circle has a first holder');
    const stranger = { ...first, pairSecrets: new Map([...first.pairSecrets, ['dwp', Buffer.alloc(32, 7)]]) };
    const asked = { flags: [false, false, false], combination: 'any', context: freshContext(circle(3)) } as const;
    expect(combine(answersOf([stranger, ...others], asked), 3, 'any')).toEqual({ refer: 'mismatch' });
  });

  it('never concludes from a missing answer, an additional one, or one counted twice in place of another', () => {
    forEveryQuestion(({ flags, combination }) => {
      const [first, ...others] = ask({ flags, combination });
      if (first === undefined) throw new Error('there is a first answer');
      const holders = flags.length;
      expect(combine(others, holders, combination)).toEqual({ refer: 'incomplete' });
      expect(combine([first, first, ...others], holders, combination)).toEqual({ refer: 'incomplete' });
      expect(combine([first, first, ...others.slice(1)], holders, combination)).toEqual({ refer: 'mismatch' });
    });
  });

  it('never concludes from answers to two different queries', () => {
    forEveryQuestion((question) => {
      const mixed = [...ask(question).slice(0, 1), ...ask(question).slice(1)];
      expect(combine(mixed, question.flags.length, question.combination)).toEqual({ refer: 'mismatch' });
    });
  });
});

describe('combine', () => {
  const zero: MaskedFlag = { masked: new Uint8Array(32), check: new Uint8Array(32) };
  const order = decodeScalar(encodeScalar(add(0n, -1n)));

  it.each<[string, MaskedFlag]>([
    ['ℓ itself', { ...zero, masked: littleEndian((order ?? 0n) + 1n) }],
    ['the largest 32 bytes', { ...zero, check: new Uint8Array(32).fill(0xff) }],
    ['31 bytes', { ...zero, masked: new Uint8Array(31) }],
    ['33 bytes', { ...zero, check: new Uint8Array(33) }],
    ['no bytes', { ...zero, masked: new Uint8Array() }],
  ])('refers an answer that holds %s', (_what, bad) => {
    expect(combine([zero, bad], 2, 'any')).toEqual({ refer: 'malformed' });
  });

  it('refers a count that cannot be', () => {
    const minusOne = { ...zero, masked: encodeScalar(add(0n, -1n)) };
    const three = { ...zero, masked: encodeScalar(3n) };
    expect(combine([zero, minusOne], 2, { atLeast: 1 })).toEqual({ refer: 'out-of-range' });
    expect(combine([zero, three], 2, { atLeast: 1 })).toEqual({ refer: 'out-of-range' });
  });

  it('throws on a combination that no agreement can name', () => {
    for (const atLeast of [0, 3, -1, 1.5, Number.NaN]) {
      expect(() => combine([zero, zero], 2, { atLeast })).toThrow(RangeError);
    }
    expect(() => combine([zero], 1, 'any')).toThrow(RangeError);
  });
});

function littleEndian(value: bigint): Uint8Array {
  return Buffer.from(value.toString(16).padStart(64, '0'), 'hex').reverse();
}
