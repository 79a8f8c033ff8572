import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Problem, openBearer } from '@anonymesh/web';
import { devToken } from './dev-token.js';
import { type IdentityProvider, openIdentityProvider } from './identity-provider.js';

const password = randomBytes(12).toString('hex');
const secret = randomBytes(16).toString('hex');
const audience = 'urn:anonymesh:immigration:api';
const redirect = 'http://127.0.0.1:9/signed-in';
const options = {
  port: 0,
  accounts: [
    { id: 'amara', name: 'Amara', password, claims: { roles: ['caseworker'], organisation: 'immigration' } },
    { id: 'applicant', name: 'Sample', password, claims: { ni_number: 'QQ123456C' } },
    { id: 'nobody', name: 'Nobody', claims: {} },
  ],
  clients: [
    { id: 'sandbox', secret, redirectUris: [], signedOutUris: [], devLogin: true },
    { id: 'pages', secret, redirectUris: [redirect], signedOutUris: [], devLogin: false },
  ],
};

let provider: IdentityProvider;
const login = () => ({ issuer: provider.issuer, clientId: 'sandbox', clientSecret: secret, password, audience });

beforeAll(async () => {
  provider = await openIdentityProvider(options);
});
afterAll(() => provider.close());

describe('a token for a user of the sandbox', () => {
  it('is one that the apps accept, with the roles of the account', async () => {
    const user = await openBearer({ issuer: provider.issuer, audience }).verify(
      await devToken({ ...login(), username: 'amara' }),
    );
    expect(user).toMatchObject({ subject: 'amara', roles: ['caseworker'], claims: { organisation: 'immigration' } });
  });

  it('holds the National Insurance number of a subject', async () => {
    const bearer = openBearer({ issuer: provider.issuer, audience, requiredClaims: ['ni_number'] });
    const user = await bearer.verify(await devToken({ ...login(), username: 'applicant' }));
    expect(user).toMatchObject({ subject: 'applicant', claims: { ni_number: 'QQ123456C' } });
  });

  it('is good for one API only', async () => {
    const token = await devToken({ ...login(), username: 'amara', audience: 'urn:anonymesh:other:api' });
    expect(await openBearer({ issuer: provider.issuer, audience }).verify(token)).toBeInstanceOf(Problem);
  });

  it.each([
    ['a wrong password', { password: 'wrong-password' }, 'invalid_grant'],
    ['an unknown name', { username: 'eve' }, 'invalid_grant'],
    ['an account without a password', { username: 'nobody', password: '' }, 'invalid_grant'],
    ['a wrong secret', { clientSecret: 'x'.repeat(16) }, 'invalid_client'],
    ['a client of pages', { clientId: 'pages' }, 'invalid_request'],
    ['an audience that is no URI', { audience: 'api' }, 'invalid_target'],
  ])('is not given for %s', async (_what, wrong, error) => {
    await expect(devToken({ ...login(), username: 'amara', ...wrong })).rejects.toThrow(`no token: ${error}`);
  });
});

describe('signing in with a browser', () => {
  it('needs the password, and then gives the app a code for a token', async () => {
    const verifier = randomBytes(32).toString('base64url');
    const visit = browser();
    const page = await visit(`/auth?${authorization(verifier).toString()}`);
    const form = new URL(page.headers.get('location') ?? '', provider.issuer).pathname;
    expect(await (await visit(form)).text()).toContain('Development only');
    expect((await visit(form, { username: 'amara', password: 'wrong-password' })).status).toBe(401);
    const resume = await visit(form, { username: 'amara', password });
    const back = await visit(resume.headers.get('location') ?? '');
    const address = new URL(back.headers.get('location') ?? '');
    expect(address.href.startsWith(redirect)).toBe(true);
    expect(address.searchParams.get('state')).toBe('a-state');

    const exchanged = await visit('/token', {
      grant_type: 'authorization_code',
      code: address.searchParams.get('code') ?? '',
      code_verifier: verifier,
      redirect_uri: redirect,
      resource: audience,
      client_id: 'pages',
      client_secret: secret,
    });
    const { access_token: token } = JSON.parse(await exchanged.text());
    const user = await openBearer({ issuer: provider.issuer, audience }).verify(token);
    expect(user).toMatchObject({ subject: 'amara', roles: ['caseworker'] });
  });

  it('is refused without PKCE', async () => {
    const query = authorization('x');
    query.delete('code_challenge');
    query.delete('code_challenge_method');
    const answer = await browser()(`/auth?${query.toString()}`);
    expect(answer.headers.get('location')).toContain('error=invalid_request');
  });
});

it('does not start in production', async () => {
  const before = process.env['NODE_ENV'];
  process.env['NODE_ENV'] = 'production';
  await expect(openIdentityProvider(options)).rejects.toThrow('development only');
  process.env['NODE_ENV'] = before;
});

function authorization(verifier: string): URLSearchParams {
  return new URLSearchParams({
    client_id: 'pages',
    response_type: 'code',
    scope: 'openid profile',
    redirect_uri: redirect,
    resource: audience,
    state: 'a-state',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
}

/** Visits pages one after the other with the cookies of those before; does not follow redirections. */
function browser() {
  const cookies = new Map<string, string>();
  return async (path: string, form?: Record<string, string>) => {
    const answer = await fetch(new URL(path, provider.issuer), {
      ...(form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) }),
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
    });
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      cookies.set(name, value);
    }
    return answer;
  };
}
