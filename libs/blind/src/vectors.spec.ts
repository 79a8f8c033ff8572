// vectors/blind-combination.json was written by vectors/make.py, which shares no code with this package.
import { describe, expect, it } from '@jest/globals';
import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { circleOf } from '../fixtures/circle.js';
import { type Combination, combine, maskFlag } from './index.js';

interface Vectors {
  readonly maskSecrets: Record<string, string>;
  readonly cases: readonly {
    readonly combination: Combination;
    readonly queryId: string;
    readonly agreementHash: string;
    readonly commonFields: string;
    readonly keyIds: Record<string, string>;
    readonly flags: Record<string, boolean>;
    readonly answers: readonly { readonly holder: string; readonly masked: string; readonly check: string }[];
    readonly outcome: string;
  }[];
}

const file = new URL('../vectors/blind-combination.json', import.meta.url);
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vectors;
const pkcs8Prefix = Buffer.from('302e020100300506032b656e04220420', 'hex');

function maskKey(secret: string) {
  const key = Buffer.concat([pkcs8Prefix, Buffer.from(secret, 'hex')]);
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' });
}

const holders = circleOf(new Map(Object.entries(vectors.maskSecrets).map(([id, secret]) => [id, maskKey(secret)])));

describe('the vectors of the blind combination', () => {
  it.each(vectors.cases)('hold for $combination with outcome $outcome', (given) => {
    const { combination, flags } = given;
    const context = { ...given, commonFields: Buffer.from(given.commonFields) };

    const answers = given.answers.map(({ holder: self }) => {
      const holder = holders.find(({ id }) => id === self);
      if (holder === undefined) throw new Error('every holder of a vector has a key');
      const { pairSecrets, ownMaskSecret } = holder;
      return maskFlag({ self, flag: flags[self] === true, combination, context, pairSecrets, ownMaskSecret });
    });

    expect(answers.map((answer) => hex(answer.masked))).toEqual(given.answers.map(({ masked }) => masked));
    expect(answers.map((answer) => hex(answer.check))).toEqual(given.answers.map(({ check }) => check));
    expect(combine(answers, answers.length, combination)).toEqual({ outcome: given.outcome });
  });
});

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
