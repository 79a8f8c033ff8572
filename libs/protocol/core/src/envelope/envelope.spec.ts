import { describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { makeKey } from '../fixtures/made-keys.js';
import { declare, type Message } from '../message.js';
import { envelopeType, signLetter, type Letter } from './envelope.js';
import { clockTolerance, openLetter, type Expectation, type Opened } from './open.js';
import type { Signer } from './signer.js';
import { pad } from './pad.js';
import { signJws } from './sign.js';

const hops = [{ from: 'holder', to: 'aggregator' }] as const;
const shape = { version: 1, vocabulary: 'core', hops, carried: 'stream', aboutQuery: true } as const;
const body = z.strictObject({ said: z.string() });
const word = declare({ ...shape, name: 'word', encloses: true, size: 900, travelsAs: 'word', body });
const sigh = declare({ ...shape, name: 'sigh', size: 900, travelsAs: 'word', body });
const note = declare({ ...shape, name: 'note', aboutQuery: false, body });

const { own, public: known } = makeKey('Ed25519');
const holder: Signer = { id: 'hmrc', kind: 'holder', identity: 'its fingerprint', key: known.key };
const queryId = 'ab'.repeat(16);
const now = Date.UTC(2026, 5, 15, 12);
const letter: Letter<{ said: string }> = {
  from: 'hmrc',
  to: 'aggregator',
  queryId,
  body: { said: 'so' },
  issuedAt: now,
};
const expectation: Expectation = {
  messages: [word, sigh],
  self: { id: 'aggregator', kind: 'aggregator' },
  signer: (kid) => (kid === known.kid ? holder : undefined),
  now,
  maxAge: 60_000,
};

type Change = Partial<Record<string, unknown>>;

/** A letter of sigh whose claims were changed before they were signed. */
async function claim(change: Change, typ = envelopeType): Promise<Uint8Array> {
  const { jws } = await signLetter(sigh, letter, own);
  const claims = JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString()) as object;
  return pad(await signJws(Buffer.from(JSON.stringify({ ...claims, ...change })), typ, own), sigh.size);
}

const open = (text: Uint8Array, change: Partial<Expectation> = {}) => openLetter(text, { ...expectation, ...change });
const opened = (text: Uint8Array, change: Partial<Expectation> = {}) => open(text, change) as Opened;

describe('a letter', () => {
  it('arrives as it was sent, with who sent it', async () => {
    const { text, id, jws } = await signLetter(word, { ...letter, enclosure: 'enclosed' }, own);
    expect(opened(text)).toEqual({
      message: word,
      id,
      from: { id: 'hmrc', kind: 'holder', identity: 'its fingerprint' },
      queryId,
      issuedAt: now,
      body: { said: 'so' },
      enclosure: 'enclosed',
      jws,
    });
  });

  it('has an id of its own each time', async () => {
    const ids = await Promise.all([1, 2, 3].map(async () => (await signLetter(sigh, letter, own)).id));
    expect(new Set(ids).size).toBe(3);
    for (const id of ids) expect(Buffer.from(id, 'base64url').length).toBe(16);
  });

  it.each<[string, Change, string]>([
    ['in the name of somebody else', { from: 'dwp' }, 'wrong-sender'],
    ['moved to another receiver', { to: 'other-aggregator' }, 'not-for-you'],
    [
      'as an answer to a request that we did not make',
      { answers: randomBytes(16).toString('base64url') },
      'not-for-you',
    ],
    ['without its query', { queryId: undefined }, 'malformed'],
    ['of a message that does not come this way', { name: 'note' }, 'malformed'],
    ['of a message that nobody knows', { name: 'constructor' }, 'malformed'],
    ['of another version', { version: 2 }, 'malformed'],
    ['too old', { issuedAt: now - 60_001 }, 'too-old'],
    ['from the future', { issuedAt: now + clockTolerance + 1 }, 'from-the-future'],
    ['with a claim more', { subject: 'AB123456C' }, 'malformed'],
    ['with a body that has more', { body: { said: 'so', why: '' } }, 'malformed'],
    ['with a body that has less', { body: {} }, 'malformed'],
    ['without a body', { body: undefined }, 'malformed'],
    ['with an id that is too short', { id: 'AAAA' }, 'malformed'],
    ['with a query that is no query ID', { queryId: 'AB'.repeat(16) }, 'malformed'],
    ['that claims to enclose something', { encloses: randomBytes(32).toString('base64url') }, 'malformed'],
    ['with a time that is no number', { issuedAt: `${now}` }, 'malformed'],
  ])('%s is refused', async (_what, change, code) => {
    expect(open(await claim(change))).toBe(code);
  });

  it('is as old as allowed, and as far ahead, and no more', async () => {
    expect(opened(await claim({ issuedAt: now - 60_000 })).issuedAt).toBe(now - 60_000);
    expect(opened(await claim({ issuedAt: now + clockTolerance })).issuedAt).toBe(now + clockTolerance);
  });

  it('about no query must not name one', async () => {
    const { queryId: _none, ...plain } = letter;
    const messages = [note];
    expect(opened((await signLetter(note, plain, own)).text, { messages }).queryId).toBe(undefined);
    const jws = Buffer.from(await claim({ name: 'note' }))
      .toString()
      .trimEnd();
    expect(open(Buffer.from(jws), { messages })).toBe('malformed');
  });

  it('is refused from who has another role, and by who has another', async () => {
    const { text } = await signLetter(sigh, letter, own);
    expect(open(text, { signer: () => ({ ...holder, kind: 'coordinator' }) })).toBe('wrong-sender');
    expect(open(text, { self: { id: 'aggregator', kind: 'coordinator' } })).toBe('wrong-sender');
  });

  it('is refused where its key is unknown, or signed something of another type', async () => {
    expect(open((await signLetter(sigh, letter, makeKey('Ed25519').own)).text)).toBe('unknown-key');
    expect(open(await claim({}, 'anonymesh-manifest'))).toBe('malformed');
  });

  it('answers the request that was asked, and none other', async () => {
    const [asked, other] = [1, 2].map(() => randomBytes(16).toString('base64url')) as [string, string];
    const { text } = await signLetter(sigh, { ...letter, answers: asked }, own);
    expect(opened(text, { answers: asked }).id).toMatch(/^[\w-]{22}$/);
    expect(open(text, { answers: other })).toBe('not-for-you');
    expect(open((await signLetter(sigh, letter, own)).text, { answers: asked })).toBe('not-for-you');
  });

  it('cannot be sent where its sender contradicts the declaration', async () => {
    const { queryId: _none, ...plain } = letter;
    await expect(signLetter(sigh, plain, own)).rejects.toThrow(TypeError);
    await expect(signLetter(note, letter, own)).rejects.toThrow(TypeError);
    await expect(signLetter(word, letter, own)).rejects.toThrow(TypeError);
    await expect(signLetter(sigh, { ...letter, enclosure: 'x' }, own)).rejects.toThrow(TypeError);
    await expect(signLetter(sigh, { ...letter, body: { said: 1 } as never }, own)).rejects.toThrow();
  });
});

const { jws } = await signLetter(word, { ...letter, enclosure: 'enclosed' }, own);

describe('what a letter encloses', () => {
  const text = (...parts: string[]) => pad(parts.join('~'), word.size);

  it('is the one that was signed for', () => {
    expect(opened(text(jws, 'enclosed')).enclosure).toBe('enclosed');
    expect(open(text(jws, 'swapped'))).toBe('malformed');
    expect(open(text(jws, ''))).toBe('malformed');
  });

  it('must be there, once, and only with a message that encloses', async () => {
    expect(open(text(jws))).toBe('malformed');
    expect(open(text(jws, 'enclosed', ''))).toBe('malformed');
    expect(open(text(jws, 'enclosed', 'enclosed'))).toBe('malformed');
    expect(open(text((await signLetter(sigh, letter, own)).jws, 'enclosed'))).toBe('malformed');
  });
});

describe('padding', () => {
  const sizeOf = async (message: Message<{ said: string }>, said: string, more: Partial<typeof letter> = {}) =>
    (await signLetter(message, { ...letter, ...more, body: { said } }, own)).text.length;

  it('gives messages that must look alike one size, whatever they say', async () => {
    const sizes = [
      await sizeOf(word, 'yes', { enclosure: 'x'.repeat(200) }),
      await sizeOf(word, '', { enclosure: '' }),
      await sizeOf(sigh, 'no'),
    ];
    expect(sizes).toEqual([900, 900, 900]);
  });

  it('never lets a longer message out', async () => {
    await expect(sizeOf(sigh, 'x'.repeat(900))).rejects.toThrow(RangeError);
  });

  it('is required: a shorter or a longer text is malformed', async () => {
    const { jws, text } = await signLetter(sigh, letter, own);
    expect(open(Buffer.from(jws))).toBe('malformed');
    expect(open(text.subarray(1))).toBe('malformed');
    expect(open(Buffer.concat([text, Buffer.from(' ')]))).toBe('malformed');
  });

  it('is only space: something hidden in it is malformed', async () => {
    const text = (await signLetter(sigh, letter, own)).text.toString();
    expect(open(Buffer.from(text.replace(/ {3}$/, ' x ')))).toBe('malformed');
  });

  it.each([0, 1, 899, 900, 901, 5000])('of %i arbitrary bytes is malformed', (length) => {
    expect(open(randomBytes(length))).toBe('malformed');
    expect(open(Buffer.alloc(length, ' '))).toBe('malformed');
    expect(open(randomBytes(length), { messages: [note] })).toBe('malformed');
  });
});
