import { describe, expect, it } from '@jest/globals';
import { CompactEncrypt, compactDecrypt, type CompactJWEHeaderParameters } from 'jose';
import fc from 'fast-check';
import { makeKey, only } from '../fixtures/made-keys.js';
import { publicKeyFrom, rawPublicKey } from './keys.js';
import { seal, unseal } from './seal.js';
import { sealTwice, unsealTwice } from './sealed-twice.js';

const { own, public: to } = makeKey('X25519');
const find = only(own.kid, own);
const context = { message: 'part', from: 'immigration', to: 'hmrc' };
const text = Buffer.from('a text of which nobody else may know');
const sealed = seal(text, to, context);

const headerOf = (jwe: string) => JSON.parse(Buffer.from(jwe.split('.')[0] ?? '', 'base64url').toString()) as Header;
type Header = Record<string, unknown> & { epk: { x: string } };

/** The same JWE with another header: whatever the header says, the tag does not fit it any more. */
function withHeader(change: (header: Header) => object, jwe = sealed): string {
  const head = Buffer.from(JSON.stringify(change(headerOf(jwe)))).toString('base64url');
  return [head, ...jwe.split('.').slice(1)].join('.');
}

async function sealByJose(header: Partial<CompactJWEHeaderParameters>, key = to.key): Promise<string> {
  const all = { alg: 'ECDH-ES+A256KW', enc: 'A256GCM', kid: to.kid, ctx: context, ...header };
  return new CompactEncrypt(text).setProtectedHeader(all).encrypt(key);
}

describe('a sealed text', () => {
  it('is opened by jose', async () => {
    const { plaintext, protectedHeader } = await compactDecrypt(sealed, own.key);
    expect(Buffer.from(plaintext)).toEqual(text);
    expect(protectedHeader).toMatchObject({ alg: 'ECDH-ES+A256KW', enc: 'A256GCM', kid: to.kid, ctx: context });
  });

  it('may have been sealed by jose, with the header of ours', async () => {
    expect(unseal(await sealByJose({}), find, context)).toEqual(text);
  });

  it('comes back whatever its bytes and its context', () => {
    const ctx = fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.string());
    const property = fc.property(fc.uint8Array({ maxLength: 300 }), ctx, (bytes, bound) => {
      expect(unseal(seal(bytes, to, bound), find, bound)).toEqual(Buffer.from(bytes));
    });
    fc.assert(property, { numRuns: 30 });
  });

  it('has no byte of the text in it, and another key each time', () => {
    const other = seal(text, to, context);
    expect(Buffer.from(sealed, 'base64url').includes(text)).toBe(false);
    for (const place of [0, 1, 2, 3, 4]) expect(other.split('.')[place]).not.toBe(sealed.split('.')[place]);
    expect(other.length).toBe(sealed.length);
  });

  it.each([
    ['another value', { ...context, to: 'dwp' }],
    ['a member missing', { message: 'part', from: 'immigration' }],
    ['a member more', { ...context, nonce: '' }],
    ['another name for a member', { message: 'part', from: 'immigration', receiver: 'hmrc' }],
    ['an inherited name', { message: 'part', from: 'immigration', constructor: 'hmrc' }],
    ['nothing', {}],
  ])('does not open in a context with %s', (_what, other) => {
    expect(unseal(sealed, find, other)).toBe('malformed');
    expect(unseal(seal(text, to, other), find, context)).toBe('malformed');
  });

  it('does not open in another context that somebody wrote into its header', () => {
    const moved = { ...context, to: 'dwp' };
    expect(
      unseal(
        withHeader((header) => ({ ...header, ctx: moved })),
        find,
        moved,
      ),
    ).toBe('malformed');
  });

  it('is refused where the key is not one of ours', () => {
    const stranger = makeKey('X25519');
    expect(unseal(seal(text, stranger.public, context), find, context)).toBe('unknown-key');
    const renamed = { kid: to.kid, key: stranger.public.key };
    expect(unseal(seal(text, renamed, context), find, context)).toBe('malformed');
  });

  it.each([
    ['the algorithm dir', { alg: 'dir' }],
    ['a key agreed on directly', { alg: 'ECDH-ES' }],
    ['a smaller key wrap', { alg: 'ECDH-ES+A128KW' }],
    ['another cipher', { enc: 'A128GCM' }],
    ['compression', { zip: 'DEF' }],
    ['critical extensions', { crit: ['ctx'] }],
    ['party information', { apu: 'QQ' }],
    ['a type', { typ: 'JWE' }],
    ['a context that is no text', { ctx: { message: 1 } }],
    ['no key id', { kid: undefined }],
  ])('is malformed with %s', (_what, change) => {
    expect(
      unseal(
        withHeader((header) => ({ ...header, ...change })),
        find,
        context,
      ),
    ).toBe('malformed');
  });

  it('is malformed with other algorithms, though jose really used them', async () => {
    expect(unseal(await sealByJose({ alg: 'ECDH-ES' }), find, context)).toBe('malformed');
    expect(unseal(await sealByJose({ alg: 'ECDH-ES+A128KW' }), find, context)).toBe('malformed');
    expect(unseal(await sealByJose({ enc: 'A256CBC-HS512' }), find, context)).toBe('malformed');
    expect(unseal(await sealByJose({ typ: 'JWE' }), find, context)).toBe('malformed');
  });

  it.each(['00'.repeat(32), `01${'00'.repeat(31)}`, `ec${'ff'.repeat(30)}7f`, `${'ff'.repeat(31)}ff`])(
    'is malformed with the ephemeral key %s, or does not open',
    (hex) => {
      const x = Buffer.from(hex, 'hex').toString('base64url');
      expect(
        unseal(
          withHeader((header) => ({ ...header, epk: { ...header.epk, x } })),
          find,
          context,
        ),
      ).toBe('malformed');
    },
  );

  it('is malformed with an ephemeral key of another curve, of another length, or with its private half', () => {
    const { x } = headerOf(sealed).epk;
    const d = rawPublicKey(makeKey('X25519').public.key).toString('base64url');
    const keys = [
      { kty: 'OKP', crv: 'X448', x },
      { kty: 'EC', crv: 'P-256', x, y: x },
      { kty: 'OKP', crv: 'X25519', x: x.slice(0, 42) },
      { kty: 'OKP', crv: 'X25519', x: `${x}=` },
      { kty: 'OKP', crv: 'X25519', x, d },
      {},
    ];
    for (const epk of keys)
      expect(
        unseal(
          withHeader((header) => ({ ...header, epk })),
          find,
          context,
        ),
      ).toBe('malformed');
  });

  it.each([1, 2, 3, 4])('does not open with one bit of segment %i changed, or one byte more or less', (place) => {
    const changed = (change: (bytes: Buffer) => Buffer) => {
      const segments = sealed.split('.');
      segments[place] = change(Buffer.from(segments[place] ?? '', 'base64url')).toString('base64url');
      return unseal(segments.join('.'), find, context);
    };
    expect(changed((bytes) => bytes.fill((bytes[0] ?? 0) ^ 1, 0, 1))).toBe('malformed');
    expect(changed((bytes) => bytes.subarray(1))).toBe('malformed');
    expect(changed((bytes) => bytes.subarray(0, -1))).toBe('malformed');
    expect(changed((bytes) => Buffer.concat([bytes, Buffer.alloc(1)]))).toBe('malformed');
    expect(changed(() => Buffer.alloc(0))).toBe('malformed');
  });

  it('does not take a shorter tag, which would be easier to guess', () => {
    const segments = sealed.split('.');
    segments[4] = Buffer.from(segments[4] ?? '', 'base64url')
      .subarray(0, 4)
      .toString('base64url');
    expect(unseal(segments.join('.'), find, context)).toBe('malformed');
  });

  it('is malformed when cut anywhere, and when anything is added', () => {
    for (let length = 0; length < sealed.length; length += 7)
      expect(unseal(sealed.slice(0, length), find, context)).toBe('malformed');
    for (const longer of [`${sealed}.`, `${sealed}.AAAA`, `${sealed}=`, ` ${sealed}`, `${sealed}\n`])
      expect(unseal(longer, find, context)).toBe('malformed');
  });

  it('is malformed, and soon, as a text that is nothing but dots', () => {
    const dots = '.'.repeat(655_360);
    const began = performance.now();
    for (let count = 0; count < 20; count += 1) expect(unseal(dots, find, context)).toBe('malformed');
    // Each dot begins a segment: to decode all of one text takes more than all of this.
    expect(performance.now() - began).toBeLessThan(50);
  });

  it('is malformed as any text that is no JWE, and never throws', () => {
    const parts = fc.array(fc.oneof(fc.base64String(), fc.string(), fc.json()), { maxLength: 6 });
    fc.assert(fc.property(parts, (some) => expect(unseal(some.join('.'), find, context)).toBe('malformed')));
  });

  it('cannot be sealed to a point of small order', () => {
    const weak = { kid: to.kid, key: publicKeyFrom('X25519', new Uint8Array(32)) };
    expect(() => seal(text, weak, context)).toThrow();
  });
});

describe('a text that is sealed twice', () => {
  const [queryKey, portal] = [makeKey('X25519'), makeKey('X25519')];
  const twice = sealTwice(text, { queryKey: queryKey.public, portal: portal.public }, context);
  const ownPortal = only(portal.own.kid, portal.own);

  it('opens with both keys', () => {
    expect(unsealTwice(twice, { queryKey: queryKey.own, portal: ownPortal }, context)).toEqual(text);
  });

  it('does not open with one of them, with the other in its place, or elsewhere', () => {
    const other = makeKey('X25519');
    expect(unsealTwice(twice, { queryKey: other.own, portal: ownPortal }, context)).toBe(undefined);
    expect(unsealTwice(twice, { queryKey: queryKey.own, portal: only(other.own.kid, other.own) }, context)).toBe(
      undefined,
    );
    const swapped = { queryKey: portal.own, portal: only(queryKey.own.kid, queryKey.own) };
    expect(unsealTwice(twice, swapped, context)).toBe(undefined);
    expect(unsealTwice(twice, { queryKey: queryKey.own, portal: ownPortal }, { ...context, to: 'dwp' })).toBe(
      undefined,
    );
  });

  it('does not take one layer for the other', () => {
    const both = { queryKey: portal.public, portal: portal.public };
    const inner = seal(text, portal.public, { ...context, layer: 'portal' });
    const nested = seal(Buffer.from(inner), portal.public, { ...context, layer: 'portal' });
    expect(unsealTwice(nested, { queryKey: portal.own, portal: ownPortal }, context)).toBe(undefined);
    expect(unsealTwice(sealTwice(text, both, context), { queryKey: portal.own, portal: ownPortal }, context)).toEqual(
      text,
    );
  });
});
