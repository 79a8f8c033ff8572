import { describe, expect, it } from '@jest/globals';
import { signingKeyHere, signLetter } from '@anonymesh/protocol';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { lettersOf, matches, slotBytes } from './matches.js';

const random = (length: number) => randomBytes(length).toString('base64url');
const terms = (bytes: number, most: number, holders = 2) =>
  ({
    release: 'on-match',
    record: { bytes },
    holders: Array.from({ length: holders }),
    limits: { matches: { most } },
  }) as unknown as Parameters<typeof lettersOf>[0];

describe('letters with matches', () => {
  it.each([
    [64, 1, 2],
    [512, 200, 2],
    [4096, 10_000, 8],
  ])('of %i bytes a record, %i a holder, %i holders hold all that may match', (bytes, most, holders) => {
    const { slots, letters } = lettersOf(terms(bytes, most, holders));
    expect(slots * letters).toBeGreaterThanOrEqual(most * holders);
    expect(slots * (letters - 1)).toBeLessThan(most * holders);
    expect(letters).toBeLessThanOrEqual(20_000);
  });

  it('are none where nothing but a count is released', () => {
    expect(lettersOf({ ...terms(512, 200), release: 'count' }).letters).toBe(0);
  });

  it.each([64, 512, 4096])(
    'fit into their size when full, with records of %i bytes and eight holders',
    async (bytes) => {
      const { slots, letters } = lettersOf(terms(bytes, 10_000, 8));
      const signing = signingKeyHere(generateKeyPairSync('ed25519').privateKey);
      const sealing = Array.from({ length: 8 }, (_, index) => {
        const enc = generateKeyPairSync('x25519').publicKey.export({ format: 'jwk' }).x ?? '';
        return { holder: `${'h'.repeat(30)}${index}`, enc, to: random(32) };
      });
      const body = {
        agreement: random(32),
        letter: letters - 1,
        letters,
        sealing,
        slots: random(slots * slotBytes({ record: { bytes } })),
      };
      const letter = { from: 'a'.repeat(31), to: 'b'.repeat(31), queryId: 'ab'.repeat(16), body };
      expect((await signLetter(matches, letter, signing)).text.length).toBe(matches.size);
    },
  );

  it('are refused where they hold more than they may', () => {
    const body = { agreement: random(32), letter: 0, letters: 1, sealing: [], slots: 'A'.repeat(27_307) };
    expect(matches.body.safeParse(body).success).toBe(true);
    expect(matches.body.safeParse({ ...body, slots: 'A'.repeat(27_309) }).success).toBe(false);
    expect(matches.body.safeParse({ ...body, slots: 'A+B' }).success).toBe(false);
  });
});
