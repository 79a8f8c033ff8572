// The sandbox's identity provider, for development only: OpenID Connect as the apps will meet it at a real one, with
// made-up people in memory and keys that end with the process. It learns who signs in to which app, as any does.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair } from 'jose';
import { type Context, Provider, type ResourceServerInfo } from 'oidc-provider';
import type { Account, Client } from './accounts.js';
import { allowDevLogin, devLoginGrant } from './dev-login.js';
import { showFrontPage, showSignInPage, showSignOutPage, signInPath } from './sign-in-page.js';

export type IdentityProvider = { readonly issuer: string; readonly close: () => Promise<void> };

export type IdentityProviderOptions = {
  /** On the loopback address; 0 for any. */
  readonly port: number;
  readonly accounts: readonly Account[];
  readonly clients: readonly Client[];
};

const algorithm = 'EdDSA';
const hour = 3600;

/** Throws where NODE_ENV is production: passwords in a file have no place there. */
export async function openIdentityProvider(options: IdentityProviderOptions): Promise<IdentityProvider> {
  if (process.env['NODE_ENV'] === 'production') throw new Error('the identity provider is for development only');
  const server = createServer();
  server.listen(options.port, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, await configure(options));
  allowDevLogin(provider, options.accounts, serverOf);
  showFrontPage(provider);
  showSignInPage(provider, options.accounts);
  const answer = provider.callback();
  server.on('request', (request, response) => answer(request, response));
  return {
    issuer,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function configure({ accounts, clients }: IdentityProviderOptions): Promise<object> {
  const find = (id: string) => accounts.find((account) => account.id === id);
  const { privateKey } = await generateKeyPair(algorithm, { extractable: true });
  const kid = randomBytes(8).toString('hex');
  return {
    jwks: { keys: [{ ...(await exportJWK(privateKey)), kid, alg: algorithm, use: 'sig' }] },
    clientDefaults: { id_token_signed_response_alg: algorithm },
    clients: clients.map(registered),
    cookies: { keys: [randomBytes(32).toString('hex')] },
    pkce: { required: () => true },
    // Pages learn from the ID token who has signed in; the API's callers carry the same in their access tokens.
    claims: { openid: ['sub'], profile: ['name', 'roles', 'organisation', 'ni_number'] },
    conformIdTokenClaims: false,
    ttl: { AccessToken: hour, IdToken: hour, Interaction: hour, Session: 8 * hour, Grant: 8 * hour },
    findAccount: (_context: Context, id: string) => {
      const account = find(id);
      return account && { accountId: id, claims: () => ({ sub: id, name: account.name, ...account.claims }) };
    },
    extraTokenClaims: (_context: Context, { accountId }: { accountId: string }) => find(accountId)?.claims,
    interactions: { url: (_context: Context, { uid }: { uid: string }) => `${signInPath}${uid}` },
    loadExistingGrant: grantAll,
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: { enabled: true, logoutSource: showSignOutPage },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => undefined,
        getResourceServerInfo: (_context: Context, audience: string) => serverOf(audience),
        useGrantedResource: () => true,
      },
    },
  };
}

// An access token is a JWT for the one API that it was asked for (RFC 8707, RFC 9068).
function serverOf(audience: string): ResourceServerInfo {
  const jwt = { sign: { alg: algorithm } };
  return { scope: '', audience, accessTokenTTL: hour, accessTokenFormat: 'jwt', jwt };
}

function registered({ id, secret, redirectUris, signedOutUris, devLogin }: Client): object {
  const browser = redirectUris.length > 0;
  return {
    client_id: id,
    client_secret: secret,
    redirect_uris: redirectUris,
    post_logout_redirect_uris: signedOutUris,
    response_types: browser ? ['code'] : [],
    grant_types: [...(browser ? ['authorization_code'] : []), ...(devLogin ? [devLoginGrant] : [])],
    token_endpoint_auth_method: 'client_secret_post',
  };
}

async function grantAll({ oidc }: Context): Promise<object> {
  const grant = new oidc.provider.Grant({ accountId: oidc.session.accountId, clientId: oidc.client.clientId });
  grant.addOIDCScope('openid profile');
  await grant.save();
  return grant;
}
