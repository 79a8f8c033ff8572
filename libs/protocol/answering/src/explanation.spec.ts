import { describe, expect, it } from '@jest/globals';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import {
  pad,
  rawPublicKey,
  seal,
  sealTwice,
  signingKeyHere,
  signJws,
  signLetter,
  thumbprint,
} from '@anonymesh/protocol';
import { answer, refusal } from './answer.js';
import { openExplanation, sealExplanation, type Explanation } from './explanation.js';

function makeKey() {
  const { privateKey, publicKey: key } = generateKeyPairSync('x25519');
  const kid = thumbprint('X25519', rawPublicKey(key));
  return { own: { kid, key: privateKey }, public: { kid, key } };
}

const signing = signingKeyHere(generateKeyPairSync('ed25519').privateKey);
const [queryKey, portal] = [makeKey(), makeKey()];
const agreement = randomBytes(32).toString('base64url');
const binding = { queryId: 'ab'.repeat(16), agreement, holder: 'hmrc', portal: 'appeal-portal' };
const to = { queryKey: queryKey.public, portal: portal.public };
const own = { queryKey: queryKey.own, portal: (kid: string) => (kid === portal.own.kid ? portal.own : undefined) };
const holderKey = (kid: string) => (kid === signing.kid ? signing.publicKey : undefined);
const content: Explanation = {
  queryId: binding.queryId,
  subjectKey: 'AB123456C',
  concern: true,
  reason: 'A tax return is missing',
  contact: 'HMRC, 0300 200 3300',
};
const calm = { ...content, concern: false, reason: '' };
const sealed = await sealExplanation(content, signing, to, binding);
const open = (text = sealed, bound = binding, keys = own, key: typeof holderKey = holderKey) =>
  openExplanation(text, keys, key, bound);

/** The longest that the schema takes, in bytes and in the alphabets that need most of them. */
const longest = [
  { ...content, subjectKey: 'x'.repeat(400), reason: 'x'.repeat(300), contact: 'x'.repeat(200) },
  { ...content, subjectKey: '李'.repeat(133), reason: 'ŵ'.repeat(150), contact: '李'.repeat(66) },
  { ...content, subjectKey: '𠮷'.repeat(50), reason: '\u0000'.repeat(50), contact: '"'.repeat(100) },
];

describe('an explanation', () => {
  it('reaches the portal with the reference', () => {
    expect(open()).toEqual(content);
  });

  it.each([
    ['query', { ...binding, queryId: 'cd'.repeat(16) }],
    ['agreement', { ...binding, agreement: randomBytes(32).toString('base64url') }],
    ['holder', { ...binding, holder: 'dwp' }],
    ['portal', { ...binding, portal: 'other-portal' }],
  ])('does not open when moved to another %s', (_what, other) => {
    expect(open(sealed, other)).toBe(undefined);
  });

  it('does not open with one of the two keys, and not for another signer', () => {
    expect(open(sealed, binding, { ...own, queryKey: makeKey().own })).toBe(undefined);
    expect(open(sealed, binding, { ...own, portal: () => undefined })).toBe(undefined);
    expect(open(sealed, binding, own, () => undefined)).toBe(undefined);
    expect(open(sealed, binding, own, () => generateKeyPairSync('ed25519').publicKey)).toBe(undefined);
  });

  it('is refused where the holder signed it for another query, though it is sealed for this one', async () => {
    const other = { ...content, queryId: 'cd'.repeat(16) };
    expect(open(await sealExplanation(other, signing, to, binding))).toBe(undefined);
  });

  it.each([
    ['a member more', { ...content, record: 'row 7' }],
    ['a member less', { queryId: content.queryId, concern: true, reason: '', contact: '' }],
    ['a word for the flag', { ...content, concern: 'yes' }],
    ['no person', { ...content, subjectKey: '' }],
  ])('is refused with %s', async (_what, said) => {
    const context = { message: 'explanation', query: binding.queryId, agreement, from: 'hmrc', to: 'appeal-portal' };
    const signed = (value: object) => signJws(Buffer.from(JSON.stringify(value)), 'anonymesh-explanation', signing);
    expect(open(sealTwice(pad(await signed(content), 1792), to, context))).toEqual(content);
    expect(open(sealTwice(pad(await signed(said), 1792), to, context))).toBe(undefined);
    expect(open(sealTwice(pad(await signed(content), 1793), to, context))).toBe(undefined);
  });

  it('has one size, whether or not there is a concern, also with the longest words', async () => {
    const sizes = await Promise.all(
      [content, calm, ...longest].map(async (said) => {
        const text = await sealExplanation(said, signing, to, binding);
        expect(open(text)).toEqual(said);
        return text.length;
      }),
    );
    expect(new Set(sizes).size).toBe(1);
  });

  it('cannot be written where it would not fit: the schema says so before anything is padded', async () => {
    for (const said of [
      { ...content, reason: '李'.repeat(101) },
      { ...content, contact: 'ŵ'.repeat(101) },
    ])
      await expect(sealExplanation(said, signing, to, binding)).rejects.toThrow('must be at most');
  });
});

describe('an answer and a refusal', () => {
  it('cannot be told apart by their length, sealed as the broker sees them', async () => {
    const { kid, key } = makeKey().public;
    const names = { from: 'h'.repeat(31), to: 'g'.repeat(31), queryId: binding.queryId };
    const masks = { masked: Buffer.alloc(32, 255), check: Buffer.alloc(32) };
    const body = { agreement, masked: masks.masked.toString('base64url'), check: masks.check.toString('base64url') };
    const answers = await Promise.all(
      [content, calm, ...longest].map(
        async (said) =>
          (
            await signLetter(
              answer,
              {
                ...names,
                body,
                enclosure: await sealExplanation(said, signing, to, { ...binding, holder: names.from }),
              },
              signing,
            )
          ).text,
      ),
    );
    const refusals = await Promise.all(
      (['malformed', 'agreement-not-in-force'] as const).map(
        async (code) => (await signLetter(refusal, { ...names, body: { agreement, code } }, signing)).text,
      ),
    );
    const sizes = [...answers, ...refusals].map(
      (text) => seal(text, { kid, key }, { to: names.to, on: 'mesh.aggregator.answer' }).length,
    );
    expect(new Set(sizes).size).toBe(1);
  });
});
