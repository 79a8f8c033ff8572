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
function claim(change: Change, typ = envelopeType): Uint8Array {
  const { jws } = signLetter(sigh, letter, own);
  const claims = JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString()) as object;
  return pad(signJws(Buffer.from(JSON.stringify({ ...claims, ...change })), typ, own), sigh.size);
}

const open = (text: Uint8Array, change: Partial<Expectation> = {}) => openLetter(text, { ...expectation, ...change });
const opened = (text: Uint8Array, change: Partial<Expectation> = {}) => open(text, change) as Opened;

describe('a letter', () => {
  it('arrives as it was sent, with who sent it', () => {
    const { text, id, jws } = signLetter(word, { ...letter, enclosure: 'enclosed' }, own);
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

  it('has an id of its own each time', () => {
    const ids = [1, 2, 3].map(() => signLetter(sigh, letter, own).id);
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
  ])('%s is refused', (_what, change, code) => {
    expect(open(claim(change))).toBe(code);
  });

  it('is as old as allowed, and as far ahead, and no more', () => {
    expect(opened(claim({ issuedAt: now - 60_000 })).issuedAt).toBe(now - 60_000);
    expect(opened(claim({ issuedAt: now + clockTolerance })).issuedAt).toBe(now + clockTolerance);
  });

  it('about no query must not name one', () => {
    const { queryId: _none, ...plain } = letter;
    const messages = [note];
    expect(opened(signLetter(note, plain, own).text, { messages }).queryId).toBe(undefined);
    const jws = Buffer.from(claim({ name: 'note' }))
      .toString()
      .trimEnd();
    expect(open(Buffer.from(jws), { messages })).toBe('malformed');
  });

  it('is refused from who has another role, and by who has another', () => {
    const { text } = signLetter(sigh, letter, own);
    expect(open(text, { signer: () => ({ ...holder, kind: 'coordinator' }) })).toBe('wrong-sender');
    expect(open(text, { self: { id: 'aggregator', kind: 'coordinator' } })).toBe('wrong-sender');
  });

  it('is refused where its key is unknown, or signed something of another type', () => {
    expect(open(signLetter(sigh, letter, makeKey('Ed25519').own).text)).toBe('unknown-key');
    expect(open(claim({}, 'anonymesh-manifest'))).toBe('malformed');
  });

  it('answers the request that was asked, and none other', () => {
    const [asked, other] = [1, 2].map(() => randomBytes(16).toString('base64url')) as [string, string];
    const { text } = signLetter(sigh, { ...letter, answers: asked }, own);
    expect(opened(text, { answers: asked }).id).toMatch(/^[\w-]{22}$/);
    expect(open(text, { answers: other })).toBe('not-for-you');
    expect(open(signLetter(sigh, letter, own).text, { answers: asked })).toBe('not-for-you');
  });

  it('cannot be sent where its sender contradicts the declaration', () => {
    const { queryId: _none, ...plain } = letter;
    expect(() => signLetter(sigh, plain, own)).toThrow(TypeError);
    expect(() => signLetter(note, letter, own)).toThrow(TypeError);
    expect(() => signLetter(word, letter, own)).toThrow(TypeError);
    expect(() => signLetter(sigh, { ...letter, enclosure: 'x' }, own)).toThrow(TypeError);
    expect(() => signLetter(sigh, { ...letter, body: { said: 1 } as never }, own)).toThrow();
  });
});

describe('what a letter encloses', () => {
  const { jws } = signLetter(word, { ...letter, enclosure: 'enclosed' }, own);
  const text = (...parts: string[]) => pad(parts.join('~'), word.size);

  it('is the one that was signed for', () => {
    expect(opened(text(jws, 'enclosed')).enclosure).toBe('enclosed');
    expect(open(text(jws, 'swapped'))).toBe('malformed');
    expect(open(text(jws, ''))).toBe('malformed');
  });

  it('must be there, once, and only with a message that encloses', () => {
    expect(open(text(jws))).toBe('malformed');
    expect(open(text(jws, 'enclosed', ''))).toBe('malformed');
    expect(open(text(jws, 'enclosed', 'enclosed'))).toBe('malformed');
    expect(open(text(signLetter(sigh, letter, own).jws, 'enclosed'))).toBe('malformed');
  });
});

describe('padding', () => {
  const sizeOf = (message: Message<{ said: string }>, said: string, more: Partial<typeof letter> = {}) =>
    signLetter(message, { ...letter, ...more, body: { said } }, own).text.length;

  it('gives messages that must look alike one size, whatever they say', () => {
    const sizes = [
      sizeOf(word, 'yes', { enclosure: 'x'.repeat(200) }),
      sizeOf(word, '', { enclosure: '' }),
      sizeOf(sigh, 'no'),
    ];
    expect(sizes).toEqual([900, 900, 900]);
  });

  it('never lets a longer message out', () => {
    expect(() => sizeOf(sigh, 'x'.repeat(900))).toThrow(RangeError);
  });

  it('is required: a shorter or a longer text is malformed', () => {
    const { jws, text } = signLetter(sigh, letter, own);
    expect(open(Buffer.from(jws))).toBe('malformed');
    expect(open(text.subarray(1))).toBe('malformed');
    expect(open(Buffer.concat([text, Buffer.from(' ')]))).toBe('malformed');
  });

  it('is only space: something hidden in it is malformed', () => {
    const text = signLetter(sigh, letter, own).text.toString();
    expect(open(Buffer.from(text.replace(/ {3}$/, ' x ')))).toBe('malformed');
  });

  it.each([0, 1, 899, 900, 901, 5000])('of %i arbitrary bytes is malformed', (length) => {
    expect(open(randomBytes(length))).toBe('malformed');
    expect(open(Buffer.alloc(length, ' '))).toBe('malformed');
    expect(open(randomBytes(length), { messages: [note] })).toBe('malformed');
  });
});
