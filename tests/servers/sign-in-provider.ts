// An OpenID provider for tests of pages: the code flow with PKCE on a real server, with whoever is to sign in told by the
// test, and with every lie that a test wants to be told.
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type JWTPayload } from 'jose';

export interface SignInProvider {
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Claims of whoever signs in next; undefined: they press "cancel". */
  user: JWTPayload | undefined;
  /** Claims of the ID token that are not what they should be. */
  lies: JWTPayload;
  /** Signs ID tokens with a key that it does not publish. */
  forges: boolean;
  /** Leave out for providers that have no page for signing out. */
  signsOut: boolean;
  /** Answers everything with 503. */
  down: boolean;
  stop(): Promise<void>;
}

interface Begun {
  readonly redirect: string;
  readonly challenge: string;
  readonly nonce: string | null;
  readonly user: JWTPayload;
}

export async function startSignInProvider(): Promise<SignInProvider> {
  const [real, other] = [await generateKeyPair('EdDSA'), await generateKeyPair('EdDSA')];
  const jwk = { ...(await exportJWK(real.publicKey)), kid: 'test', alg: 'EdDSA', use: 'sig' };
  const begun = new Map<string, Begun>();
  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const provider: SignInProvider = {
    url,
    clientId: 'pages',
    clientSecret: randomBytes(16).toString('hex'),
    user: { sub: 'user-1', name: 'Amara Example', roles: ['caseworker'] },
    lies: {},
    forges: false,
    signsOut: true,
    down: false,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', url);
    if (provider.down) return void response.writeHead(503).end();
    if (pathname === '/.well-known/openid-configuration') return json(response, 200, metadata(url, provider.signsOut));
    if (pathname === '/jwks') return json(response, 200, { keys: [jwk] });
    if (pathname === '/auth') return void response.writeHead(302, { location: authorize(searchParams) }).end();
    if (pathname === '/end') {
      return void response.writeHead(302, { location: searchParams.get('post_logout_redirect_uri') ?? '/' }).end();
    }
    if (pathname === '/token') return token(request, response);
    response.writeHead(404).end();
  }

  function authorize(asked: URLSearchParams): string {
    const redirect = asked.get('redirect_uri') ?? '';
    const state = asked.get('state') ?? '';
    if (asked.get('code_challenge_method') !== 'S256' || asked.get('client_id') !== provider.clientId)
      return `${redirect}?${new URLSearchParams({ error: 'invalid_request', state }).toString()}`;
    if (provider.user === undefined)
      return `${redirect}?${new URLSearchParams({ error: 'access_denied', state }).toString()}`;
    const code = randomBytes(16).toString('hex');
    const challenge = asked.get('code_challenge') ?? '';
    begun.set(code, { redirect, challenge, nonce: asked.get('nonce'), user: provider.user });
    return `${redirect}?${new URLSearchParams({ code, state }).toString()}`;
  }

  async function token(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = new URLSearchParams(Buffer.concat(await request.toArray()).toString());
    const found = begun.get(form.get('code') ?? '');
    begun.delete(form.get('code') ?? ''); // a code is good once
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (form.get('client_secret') !== provider.clientSecret) return json(response, 401, { error: 'invalid_client' });
    if (found?.challenge !== challenge || found.redirect !== form.get('redirect_uri'))
      return json(response, 400, { error: 'invalid_grant' });
    const now = Math.floor(Date.now() / 1000);
    const { nonce, user } = found;
    const usual = { iss: url, aud: provider.clientId, iat: now, exp: now + 300, nonce: nonce ?? undefined };
    const idToken = await new SignJWT({ ...usual, ...user, ...provider.lies })
      .setProtectedHeader({ alg: 'EdDSA', kid: 'test' })
      .sign(provider.forges ? other.privateKey : real.privateKey);
    json(response, 200, { access_token: 'none', token_type: 'bearer', expires_in: 300, id_token: idToken });
  }

  return provider;
}

function metadata(url: string, signsOut: boolean): object {
  return {
    issuer: url,
    authorization_endpoint: `${url}/auth`,
    token_endpoint: `${url}/token`,
    jwks_uri: `${url}/jwks`,
    id_token_signing_alg_values_supported: ['EdDSA'],
    ...(signsOut ? { end_session_endpoint: `${url}/end` } : {}),
  };
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
