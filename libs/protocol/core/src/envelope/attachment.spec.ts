import { describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { makeKey } from '../fixtures/made-keys.js';
import { declare, largestAttachment, type Message } from '../message.js';
import { attachedClaims, openAttachment, sealAttachment } from './attachment.js';
import { envelopeType, signLetter, type SignedLetter } from './envelope.js';
import { openLetter, type Expectation, type Opened } from './open.js';
import { signJws } from './sign.js';

const hops = [{ from: 'holder', to: 'aggregator' }] as const;
const shape = { version: 1, vocabulary: 'core', hops, carried: 'stream', aboutQuery: true } as const;
const body = z.strictObject({ said: z.string() });
const most = 5000;
const heap = declare({ ...shape, name: 'heap', attaches: { most }, travelsAs: 'word', body });
const word = declare({ ...shape, name: 'word', body });

const { own, public: known } = makeKey('Ed25519');
const now = Date.UTC(2026, 5, 15, 12);
const letter = { from: 'hmrc', to: 'aggregator', queryId: 'ab'.repeat(16), body: { said: 'so' }, issuedAt: now };
const expectation: Expectation = {
  messages: [heap, word],
  self: { id: 'aggregator', kind: 'aggregator' },
  signer: () => ({ id: 'hmrc', kind: 'holder', identity: 'its fingerprint', key: known.key }),
  now,
  maxAge: 60_000,
};
const attachment = randomBytes(3000);
const sign = (chunk = 7, bytes = attachment) => signLetter(heap, { ...letter, attachment: bytes, chunk }, own);
const open = (text: Uint8Array, attached?: Uint8Array) => openLetter(text, expectation, attached);

function beside({ attached }: SignedLetter): Buffer {
  if (attached === undefined) throw new Error('nothing is attached');
  return attached;
}

/** The letter with some of what it says of its attachment changed before it was signed. */
async function claim({ text }: SignedLetter, change: object | undefined): Promise<Buffer> {
  const payload = Buffer.from(text.toString().split('.')[1] ?? '', 'base64url').toString();
  const { attached, ...claims } = JSON.parse(payload) as { attached: object };
  const changed = change === undefined ? claims : { ...claims, attached: { ...attached, ...change } };
  return Buffer.from(await signJws(Buffer.from(JSON.stringify(changed)), envelopeType, own));
}

describe('an attachment', () => {
  it.each([0, 1, 3000, most])('of %d bytes arrives as it was sent, with its number', async (bytes) => {
    const sent = randomBytes(bytes);
    const signed = await sign(4_294_967_295, sent);
    expect(open(signed.text, beside(signed))).toMatchObject({ attachment: sent, chunk: 4_294_967_295, id: signed.id });
  });

  it('is encrypted under a key of its own each time', async () => {
    const [first, second] = [await sign(), await sign()];
    expect(beside(first).equals(beside(second))).toBe(false);
    expect(beside(first).includes(attachment.subarray(0, 16))).toBe(false);
  });

  it('is malformed with any bit flipped, at its start, in its middle and in its tag', async () => {
    const signed = await sign();
    for (const place of [0, 1500, 2999, 3000, 3015]) {
      const flipped = Buffer.from(beside(signed));
      flipped.writeUInt8(flipped.readUInt8(place) ^ 1, place);
      expect(open(signed.text, flipped)).toBe('malformed');
    }
  });

  it.each<[string, (sealed: Buffer) => Buffer | undefined | Promise<Buffer | undefined>]>([
    ['missing', () => undefined],
    ['empty', () => Buffer.alloc(0)],
    ['truncated', (sealed) => sealed.subarray(0, -1)],
    ['without its tag', (sealed) => sealed.subarray(0, -16)],
    ['longer than it was', (sealed) => Buffer.concat([sealed, Buffer.alloc(1)])],
    ["another letter's", async () => beside(await sign())],
  ])('that is %s is malformed', async (_what, change) => {
    const signed = await sign();
    expect(open(signed.text, await change(beside(signed)))).toBe('malformed');
  });

  it.each<[string, object]>([
    ['another number', { chunk: 8 }],
    ['another key', { key: randomBytes(32).toString('base64url') }],
    ['another hash', { sha256: randomBytes(32).toString('base64url') }],
    ['fewer bytes', { bytes: 2999 }],
    ['more bytes', { bytes: 3001 }],
    ['a number that is none', { chunk: -1 }],
    ['half a number', { chunk: 0.5 }],
    ['a number of five bytes', { chunk: 2 ** 32 }],
    ['a short key', { key: 'AAAA' }],
    ['something else', { also: 1 }],
  ])('is malformed where its sender signed %s', async (_what, change) => {
    const signed = await sign();
    expect(open(await claim(signed, {}), beside(signed))).toMatchObject({ chunk: 7 });
    expect(open(await claim(signed, change), beside(signed))).toBe('malformed');
  });

  it('is bound to its letter: under the same key and hash, another letter cannot have it', () => {
    const { claims, sealed } = sealAttachment({ attachment, chunk: 7 }, 'one');
    expect(openAttachment(sealed, claims, 'one')).toEqual(attachment);
    expect(openAttachment(sealed, claims, 'other')).toBeUndefined();
    expect(openAttachment(sealed, { ...claims, chunk: 8 }, 'one')).toBeUndefined();
    expect(attachedClaims.parse(claims)).toEqual(claims);
  });

  it('that is larger than was declared is too large, whatever its letter says', async () => {
    const wide: Message = { ...heap, attaches: { most: most * 2 } };
    const big = await signLetter(wide, { ...letter, attachment: randomBytes(most + 1), chunk: 0 }, own);
    expect(open(big.text, beside(big))).toBe('too-large');
    expect(openLetter(big.text, { ...expectation, messages: [wide] }, beside(big))).toMatchObject({ chunk: 0 });
  });

  it('is there exactly where the message declares one', async () => {
    const signed = await sign();
    expect(open(await claim(signed, undefined), beside(signed))).toBe('malformed');
    expect(open(await claim(signed, undefined))).toBe('malformed');
    const bare = await signLetter(word, letter, own);
    expect(open(bare.text)).not.toHaveProperty('attachment');
    expect(open(bare.text, Buffer.alloc(0))).toBe('malformed');
    expect(open(bare.text, beside(signed))).toBe('malformed');
    const { attaches: _attaches, ...plain } = heap;
    expect(openLetter(signed.text, { ...expectation, messages: [plain] }, beside(signed))).toBe('malformed');
  });

  it('is not opened where the letter is refused for something else', async () => {
    const signed = await signLetter(heap, { ...letter, to: 'elsewhere', attachment, chunk: 0 }, own);
    expect(open(signed.text, beside(signed)) as Opened | string).toBe('not-for-you');
  });

  it.each<[string, object, Message]>([
    ['without one', {}, heap],
    ['without its number', { attachment }, heap],
    ['with a number that is none', { attachment, chunk: 1.5 }, heap],
    ['with one that is too large', { attachment: Buffer.alloc(most + 1), chunk: 0 }, heap],
    ['with one that it does not declare', { attachment, chunk: 0 }, word],
    ['with the number of none', { chunk: 0 }, word],
  ])('must be given as declared: a letter %s is not signed', async (_what, given, message) => {
    await expect(signLetter(message, { ...letter, ...given }, own)).rejects.toThrow();
  });

  it('cannot be declared where it could not be carried', () => {
    const declared = (change: object) => () => declare({ ...heap, ...change });
    expect(declared({})).not.toThrow();
    expect(declared({ attaches: { most: largestAttachment + 1 } })).toThrow('heap');
    expect(declared({ carried: 'reply' })).toThrow('heap');
    expect(declared({ carried: 'inside' })).toThrow('heap');
  });
});
