import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { generateKeyPair } from 'jose';
import { type Bearer, openBearer } from './bearer.js';
import { type Issuer, startIssuer } from './fixtures/issuer.js';
import { Problem } from './problem.js';

let issuer: Issuer;
let bearer: Bearer;
const audience = 'urn:test:api';
const now = () => Math.floor(Date.now() / 1000);

beforeEach(async () => {
  issuer = await startIssuer();
  bearer = openBearer({ issuer: issuer.url, audience, cooldown: 0 });
});
afterEach(() => issuer.stop());

async function codeOf(token: string): Promise<string> {
  const found = await bearer.verify(token);
  return found instanceof Problem ? found.code : found.kind;
}

function base64url(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

describe('a bearer token', () => {
  it('gives the subject, the roles and the claims', async () => {
    const user = await bearer.verify(await issuer.token({ claims: { ni_number: 'QQ123456C' } }));
    expect(user).toMatchObject({
      kind: 'user',
      subject: 'user-1',
      roles: ['caseworker'],
      claims: { ni_number: 'QQ123456C' },
    });
  });

  it.each(['ES256', 'RS256', 'PS256', 'Ed25519'])('may be signed with %s', async (alg) => {
    const other = await startIssuer(alg);
    const user = await openBearer({ issuer: other.url, audience }).verify(await other.token());
    expect(user.kind).toBe('user');
    await other.stop();
  });

  it.each<[string, object]>([
    ['of another issuer', { iss: 'https://id.example.org' }],
    ['for another audience', { aud: 'urn:other:api' }],
    ['not yet valid', { nbf: now() + 90 }],
    ['without an end', { exp: undefined }],
    ['with an end that is no number', { exp: 'never' }],
    ['of nobody', { sub: undefined }],
    ['of an empty subject', { sub: '' }],
    ['with one role as a string', { roles: 'caseworker' }],
    ['with a role that is no string', { roles: [{ name: 'caseworker' }] }],
  ])('%s is not valid', async (_what, claims) => {
    expect(await codeOf(await issuer.token({ claims: claims as never }))).toBe('invalid-token');
  });

  it('has expired half a minute after its end, not before', async () => {
    expect(await codeOf(await issuer.token({ claims: { exp: now() - 20 } }))).toBe('user');
    expect(await codeOf(await issuer.token({ claims: { exp: now() - 40 } }))).toBe('expired-token');
  });

  it.each<[string, object]>([
    ['typ of an ID token', { typ: 'JWT' }],
    ['no typ', { typ: undefined }],
    ['an unknown key', { kid: 'other' }],
    ['a critical extension', { crit: ['x'], x: 1 }],
  ])('whose header has %s is not valid', async (_what, header) => {
    const token = await issuer.token({ header: { ...header, ...('crit' in header ? { crit: undefined } : {}) } });
    const [head = '', ...rest] = token.split('.');
    const whole = JSON.parse(Buffer.from(head, 'base64url').toString());
    const forged = 'crit' in header ? [base64url({ ...whole, ...header }), ...rest].join('.') : token;
    expect(await codeOf(forged)).toBe('invalid-token');
  });

  it('without a signature is not valid', async () => {
    const [, claims = ''] = (await issuer.token()).split('.');
    for (const alg of ['none', 'None', 'NONE', '', 'EdDSA']) {
      expect(await codeOf(`${base64url({ alg, typ: 'at+jwt', kid: '1' })}.${claims}.`)).toBe('invalid-token');
    }
  });

  it('made with HS256 and the public key as the secret is not valid', async () => {
    const key = new TextEncoder().encode(JSON.stringify(issuer.publicKey()));
    expect(await codeOf(await issuer.token({ header: { alg: 'HS256' }, key }))).toBe('invalid-token');
  });

  it('signed with a key of its own that it brings along is not valid, and nobody is asked for that key', async () => {
    const { privateKey } = await generateKeyPair('EdDSA');
    const elsewhere = { jwk: issuer.publicKey(), jku: `${issuer.url}/elsewhere`, x5u: `${issuer.url}/elsewhere` };
    expect(await codeOf(await issuer.token({ key: privateKey, header: elsewhere }))).toBe('invalid-token');
  });

  it('cut off or changed anywhere is not valid', async () => {
    const token = await issuer.token();
    const broken = fc.oneof(
      fc.nat(token.length - 1).map((length) => token.slice(0, length)),
      fc
        .tuple(fc.nat(token.length - 2), fc.constantFrom('A', 'x', '.', '=', '-'))
        .map(([at, letter]) => token.slice(0, at) + letter + token.slice(at + 1))
        .filter((changed) => changed !== token),
    );
    await fc.assert(
      fc.asyncProperty(broken, async (text) => (await codeOf(text)) === 'invalid-token'),
      { numRuns: 200 },
    );
  });

  it('may be any text at all, and is refused without a fault', async () => {
    const part = fc.oneof(
      fc.string(),
      fc.json().map((text) => Buffer.from(text).toString('base64url')),
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(part, { maxLength: 6 }).map((all) => all.join('.')),
    );
    await fc.assert(fc.asyncProperty(text, async (token) => (await codeOf(token)) === 'invalid-token'));
  });

  it('of more than 8 kB is not even read', async () => {
    const token = await issuer.token({ claims: { padding: 'x'.repeat(8192) } });
    expect(await codeOf(token)).toBe('invalid-token');
    expect(issuer.asked()).toBe(0);
  });

  it('without a claim that the app needs is not valid', async () => {
    bearer = openBearer({ issuer: issuer.url, audience, requiredClaims: ['ni_number'] });
    expect(await codeOf(await issuer.token())).toBe('invalid-token');
    expect(await codeOf(await issuer.token({ claims: { ni_number: 'QQ123456C' } }))).toBe('user');
  });

  it('is of whom the claim says that the app goes by, and of nobody without that claim', async () => {
    bearer = openBearer({ issuer: issuer.url, audience, person: 'oid' });
    expect(await bearer.verify(await issuer.token({ claims: { oid: 'person-1' } }))).toMatchObject({
      subject: 'person-1',
    });
    for (const oid of [undefined, '', 7, ['person-1'], 'x'.repeat(256)])
      expect(await codeOf(await issuer.token({ claims: { oid } }))).toBe('invalid-token');
  });

  it('is named in no problem, and neither are its claims', async () => {
    const token = await issuer.token({ claims: { exp: 1, ni_number: 'QQ123456C' } });
    const problem = await bearer.verify(token);
    const told = JSON.stringify(problem) + String((problem as Problem).stack) + String((problem as Problem).cause);
    expect(told).not.toContain('QQ123456C');
    expect(told).not.toContain(token.slice(0, 20));
  });
});

describe('a request', () => {
  const refusal = (authorization: string | undefined, role?: string) =>
    bearer.authenticate({ headers: { authorization } }, role).then(
      () => 'let in',
      (problem: Problem) => `${problem.status} ${problem.code}`,
    );

  it('without a token, or with something else, is refused', async () => {
    expect(await refusal(undefined)).toBe('401 missing-token');
    for (const header of ['', 'Basic dTpw', 'Bearer', 'Bearer ', 'Bearer a b', `Basic ${await issuer.token()}`]) {
      expect(await refusal(header)).toBe('401 invalid-token');
    }
  });

  it('is let in with a token, in whatever case the scheme is written', async () => {
    expect(await refusal(`bearer ${await issuer.token()}`)).toBe('let in');
  });

  it('needs the role that is asked for', async () => {
    expect(await refusal(`Bearer ${await issuer.token()}`, 'caseworker')).toBe('let in');
    expect(await refusal(`Bearer ${await issuer.token()}`, 'approver')).toBe('403 role-required');
    expect(await refusal(`Bearer ${await issuer.token({ claims: { roles: undefined } })}`, 'approver')).toBe(
      '403 role-required',
    );
  });
});
