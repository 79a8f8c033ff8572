import { describe, expect, it } from '@jest/globals';
import { seal, signingKeyHere, signLetter } from '@anonymesh/protocol';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { outcome, outcomeCode, outcomeWord } from './outcome.js';

const agreement = randomBytes(32).toString('base64url');
const isTold = (said: object) => outcome.body.safeParse({ agreement, ...said }).success;
const holders = 3;

describe('an outcome', () => {
  it('is decided only where all answered, and refers only with a reason: nothing else can be said', () => {
    const possible: object[] = [];
    for (const word of outcomeWord.options)
      for (const code of outcomeCode.options)
        for (let answered = 0; answered <= holders + 1; answered += 1)
          for (const people of [undefined, 4]) {
            const said = { outcome: word, code, answered, holders, ...(people === undefined ? {} : { people }) };
            if (isTold(said)) possible.push(said);
          }
    const partial = ['not-all-answered', 'holder-refused', 'limit-reached', 'would-isolate'] as const;
    const ofSets = ['set-too-large', 'set-unfit', 'set-changed'] as const;
    const partly = [0, 1, 2].flatMap((answered) =>
      [...partial, ...ofSets].map((code) => ({
        outcome: 'refer',
        code,
        answered,
        holders,
      })),
    );
    const wholly = { answered: holders, holders };
    const expected = [
      { outcome: 'clear', code: 'all-answered', ...wholly },
      { outcome: 'concern', code: 'all-answered', ...wholly },
      { outcome: 'released', code: 'all-answered', people: 4, ...wholly },
      { outcome: 'refer', code: 'answers-disagree', ...wholly },
      { outcome: 'refer', code: 'too-many-matches', ...wholly },
      { outcome: 'refer', code: 'too-few-matches', ...wholly },
      { outcome: 'retracted', code: 'retracted', answered: 0, holders },
      ...partly,
    ];
    expect(possible).toHaveLength(expected.length);
    expect(possible).toEqual(expect.arrayContaining(expected));
  });

  it('is equally long to who relays it, whatever it says, also with the longest names', async () => {
    const signing = signingKeyHere(generateKeyPairSync('ed25519').privateKey);
    const { publicKey: sealing } = generateKeyPairSync('x25519');
    const kid = randomBytes(32).toString('base64url');
    const [from, to] = ['a'.repeat(31), 'b'.repeat(31)] as const;
    const all = [
      { outcome: 'clear', code: 'all-answered', answered: 64, holders: 64 } as const,
      { outcome: 'concern', code: 'all-answered', answered: 2, holders: 2 } as const,
      { outcome: 'refer', code: 'not-all-answered', answered: 0, holders: 64 } as const,
      { outcome: 'released', code: 'all-answered', answered: 64, holders: 64, people: 80_000 } as const,
      { outcome: 'retracted', code: 'retracted', answered: 0, holders: 64 } as const,
    ];
    const sizes = all.map(async (said) => {
      const letter = { from, to, queryId: 'ab'.repeat(16), body: { agreement, ...said } };
      const { text } = await signLetter(outcome, letter, signing);
      return seal(text, { kid, key: sealing }, { message: 'outcome', from, to }).length;
    });
    expect(new Set(await Promise.all(sizes)).size).toBe(1);
  });
});
