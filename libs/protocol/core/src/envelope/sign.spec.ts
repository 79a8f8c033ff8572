import { describe, expect, it } from '@jest/globals';
import { CompactSign, compactVerify } from 'jose';
import { createHmac, generateKeyPairSync, verify } from 'node:crypto';
import { makeKey, only } from '../fixtures/made-keys.js';
import { publicKeyFrom, thumbprint } from './keys.js';
import { parseJson, signJws, verifyJws } from './sign.js';
import { signingKeyHere } from './signing-key.js';

const { privateKey } = generateKeyPairSync('ed25519');
const own = signingKeyHere(privateKey);
const known = { kid: own.kid, key: own.publicKey };
const find = only(known.kid, known.key);
const payload = Buffer.from('{"said":"so"}');
const typ = 'anonymesh-test';
const signed = await signJws(payload, typ, own);
const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A JWS over that header by the right key, whatever the header says. */
async function withHeader(header: object, key = own): Promise<string> {
  const [, , signature = ''] = (await signJws(payload, typ, key)).split('.');
  return [encode(header), payload.toString('base64url'), signature].join('.');
}

describe('a signed text', () => {
  it('is verified by jose', async () => {
    const verified = await compactVerify(signed, known.key, { algorithms: ['EdDSA'] });
    expect(Buffer.from(verified.payload)).toEqual(payload);
    expect(verified.protectedHeader).toEqual({ alg: 'EdDSA', kid: own.kid, typ });
  });

  it('may have been signed by jose', async () => {
    const jws = await new CompactSign(payload).setProtectedHeader({ alg: 'EdDSA', kid: own.kid, typ }).sign(privateKey);
    expect(verifyJws(jws, typ, find)).toEqual({ kid: own.kid, payload });
  });

  it('may be empty', async () => {
    expect(verifyJws(await signJws(new Uint8Array(0), typ, own), typ, find)).toMatchObject({
      payload: Buffer.alloc(0),
    });
  });

  it.each([
    ['another type', { alg: 'EdDSA', kid: own.kid, typ: 'anonymesh-manifest' }],
    ['no type', { alg: 'EdDSA', kid: own.kid }],
    ['no key id', { alg: 'EdDSA', typ }],
    ['no algorithm', { kid: own.kid, typ }],
    ['the algorithm none', { alg: 'none', kid: own.kid, typ }],
    ['another algorithm', { alg: 'ES256', kid: own.kid, typ }],
    ['the fully specified name of RFC 9864', { alg: 'Ed25519', kid: own.kid, typ }],
    ['a key of its own', { alg: 'EdDSA', kid: own.kid, typ, jwk: { kty: 'OKP' } }],
    ['critical extensions', { alg: 'EdDSA', kid: own.kid, typ, crit: ['b64'], b64: false }],
    ['a key id that is no text', { alg: 'EdDSA', kid: [own.kid], typ }],
  ])('is malformed with %s', async (_what, header) => {
    expect(verifyJws(await withHeader(header), typ, find)).toBe('malformed');
  });

  it('is malformed where its header is not JSON, or no object', () => {
    for (const head of ['{', 'null', '[]', '"EdDSA"', '']) {
      const jws = [Buffer.from(head).toString('base64url'), ...signed.split('.').slice(1)].join('.');
      expect(verifyJws(jws, typ, find)).toBe('malformed');
    }
  });

  it('does not take the public key for a shared secret', () => {
    const input = `${encode({ alg: 'HS256', kid: own.kid, typ })}.${payload.toString('base64url')}`;
    const secret = known.key.export({ format: 'der', type: 'spki' });
    const forged = `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
    expect(verifyJws(forged, typ, find)).toBe('malformed');
  });

  it('is refused where nobody is known by its key id', async () => {
    const stranger = makeKey('Ed25519');
    expect(verifyJws(await signJws(payload, typ, stranger.own), typ, find)).toBe('unknown-key');
  });

  it('is refused where the key by that id is no signing key', () => {
    const agreeing = makeKey('X25519');
    expect(verifyJws(signed, typ, only(own.kid, agreeing.public.key))).toBe('unknown-key');
  });

  it('is refused where another key signed under that key id', async () => {
    const forger = { ...makeKey('Ed25519').own, kid: own.kid };
    expect(verifyJws(await signJws(payload, typ, forger), typ, find)).toBe('bad-signature');
  });

  it('is refused with a payload that was changed after signing', () => {
    const [head, , signature] = signed.split('.');
    const changed = [head, Buffer.from('{"said":"no"}').toString('base64url'), signature].join('.');
    expect(verifyJws(changed, typ, find)).toBe('bad-signature');
  });

  it('is refused with a signature of any other length', () => {
    const [head, body, signature = ''] = signed.split('.');
    const bytes = Buffer.from(signature, 'base64url');
    for (const other of [Buffer.alloc(0), bytes.subarray(0, 63), Buffer.concat([bytes, Buffer.alloc(1)])])
      expect(verifyJws([head, body, other.toString('base64url')].join('.'), typ, find)).toBe('bad-signature');
  });

  it('has one spelling only: no padding, no other alphabet, no bits left over', () => {
    const [head = '', body = '', signature = ''] = signed.split('.');
    const spellings = [
      `${head}.${body}.${signature}=`,
      `${head}.${body}.${signature}==`,
      `${head}.${body} .${signature}`,
      `${head}.${body}\n.${signature}`,
      ` ${signed}`,
      `${signed} `,
      `${head}.${body}.${signature.replace(/.$/, 'B')}`, // 64 bytes leave four bits: only A, Q, g and w end them
      `${head}.${body}.${signature.slice(0, 20)}+${signature.slice(21)}`,
    ];
    for (const spelling of spellings)
      expect([spelling, verifyJws(spelling, typ, find)]).toEqual([spelling, 'malformed']);
  });

  it('is malformed when cut anywhere but within the signature', () => {
    const signatureFrom = signed.lastIndexOf('.') + 1;
    for (let length = 0; length < signed.length; length += 1) {
      const verdict = verifyJws(signed.slice(0, length), typ, find);
      expect(length >= signatureFrom ? ['malformed', 'bad-signature'] : ['malformed']).toContain(verdict);
    }
  });

  it('is malformed, and soon, where it is nothing but dots', () => {
    const dots = '.'.repeat(655_360);
    const began = performance.now();
    for (let count = 0; count < 20; count += 1) expect(verifyJws(dots, typ, find)).toBe('malformed');
    expect(performance.now() - began).toBeLessThan(50);
  });

  it('is malformed with a segment more or less', () => {
    for (const jws of [`${signed}.`, `${signed}.AAAA`, signed.split('.').slice(0, 2).join('.'), '', '..'])
      expect(verifyJws(jws, typ, find)).toBe('malformed');
  });
});

describe('RFC 8037', () => {
  const raw = Buffer.from('11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo', 'base64url');
  const sample =
    'eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.' +
    'hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg';

  it('A.3: gives the thumbprint of the key', () => {
    expect(thumbprint('Ed25519', raw)).toBe('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k');
  });

  it('A.4: the signature is of that key; without key id and type it is no text of ours', () => {
    const [head, body, signature = ''] = sample.split('.');
    const key = publicKeyFrom('Ed25519', raw);
    expect(verify(null, Buffer.from(`${head}.${body}`), key, Buffer.from(signature, 'base64url'))).toBe(true);
    expect(verifyJws(sample, typ, () => key)).toBe('malformed');
  });
});

describe('parseJson', () => {
  it('gives undefined for what is not JSON, and does not throw', () => {
    for (const text of ['', '{', 'undefined', "{'a':1}", '\u0000', '[1,]'])
      expect(parseJson(Buffer.from(text))).toBe(undefined);
    expect(parseJson(Buffer.from('['.repeat(200_000)))).toBe(undefined);
    expect(parseJson(Buffer.from([0xff, 0xfe]))).toBe(undefined);
  });
});
