// The identity provider where people sign in, by OpenID Connect's code flow with PKCE, state and nonce. It learns who
// signs in to this app and when, and nothing of what they do here.
import { readFileSync } from 'node:fs';
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  AuthorizationResponseError,
  buildAuthorizationUrl,
  buildEndSessionUrl,
  calculatePKCECodeChallenge,
  ClientError,
  ClientSecretPost,
  type Configuration,
  discovery,
  enableNonRepudiationChecks,
  None,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
  ResponseBodyError,
} from 'openid-client';
import { z } from 'zod';
import { onThisMachine } from '../issuer-keys.js';
import type { PagesConfig } from '../pages/pages-config.js';
import { Problem } from '../problem.js';

/** What is remembered, in the browser's sealed cookie, while somebody is away to sign in. */
const leaving = z.strictObject({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  /** Where to go on. */
  to: z.string(),
  until: z.number(),
});
export type Leaving = z.infer<typeof leaving>;

export function readLeaving(json: unknown): Leaving | undefined {
  return leaving.safeParse(json).data;
}

export interface IdentityProvider {
  /** Where to send the browser, and what to remember until it is back. */
  leave(to: string, now: number): Promise<{ readonly address: string; readonly leaving: Leaving }>;
  /** The verified claims of the ID token. Throws the problem why nobody is signed in. */
  comeBack(path: string, leaving: Leaving): Promise<Readonly<Record<string, unknown>>>;
  /** Where to sign out at the provider too; undefined if it has no such page or cannot be asked. */
  signOutAt(): Promise<string | undefined>;
  /** Of the provider: forms may lead there. */
  readonly origin: string;
}

const tenMinutes = 10 * 60_000;
const patience = 5; // seconds
export const comeBackPath = '/signed-in';
export const signedOutPath = '/signed-out';

export function openIdentityProvider(config: PagesConfig): IdentityProvider {
  const { issuer, publicUrl, scope } = config;
  const redirect = `${publicUrl}${comeBackPath}`;
  const find = findOnce(config);
  return {
    origin: new URL(issuer).origin,
    leave: async (to, now) => {
      const provider = await find();
      const [state, nonce, verifier] = [randomState(), randomNonce(), randomPKCECodeVerifier()];
      const address = buildAuthorizationUrl(provider, {
        redirect_uri: redirect,
        scope,
        state,
        nonce,
        code_challenge: await calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      });
      return { address: address.href, leaving: { state, nonce, verifier, to, until: now + tenMinutes } };
    },
    comeBack: async (path, { state, nonce, verifier }) => {
      const provider = await find();
      const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true };
      const tokens = await orProblem(() => authorizationCodeGrant(provider, new URL(path, publicUrl), checks));
      return tokens.claims() ?? {};
    },
    signOutAt: async () => {
      const provider = await find().catch(() => undefined);
      if (provider?.serverMetadata().end_session_endpoint === undefined) return undefined;
      return buildEndSessionUrl(provider, { post_logout_redirect_uri: `${publicUrl}${signedOutPath}` }).href;
    },
  };
}

/** Finds the provider when it is first needed, and again after a failure: the app starts without it. */
function findOnce(config: PagesConfig): () => Promise<Configuration> {
  const { issuer, clientId, clientSecret } = config;
  const secret = clientSecret === undefined ? undefined : readFileSync(clientSecret, 'utf8').trim();
  const { protocol, hostname } = new URL(issuer);
  const plain = protocol === 'http:';
  if (plain && !onThisMachine(hostname)) throw new TypeError('issuer is not https');
  let known: Promise<Configuration> | undefined;
  return async () => {
    const finding = (known ??= discovery(
      new URL(issuer),
      clientId,
      undefined,
      secret === undefined ? None() : ClientSecretPost(secret),
      // Also what comes straight from the provider is held to its signature, not to TLS alone.
      { timeout: patience, execute: [enableNonRepudiationChecks, ...(plain ? [allowInsecureRequests] : [])] },
    ));
    try {
      return await finding;
    } catch (cause) {
      if (known === finding) known = undefined;
      throw Problem.of('issuer-unreachable', { cause });
    }
  };
}

async function orProblem<Result>(ask: () => Promise<Result>): Promise<Result> {
  try {
    return await ask();
  } catch (cause) {
    // Forged, replayed or late, or somebody pressed "cancel": nobody is signed in. The rest is the network's fault.
    const refused = [AuthorizationResponseError, ClientError, ResponseBodyError].some((kind) => cause instanceof kind);
    const silent = cause instanceof ClientError && faultsOfNetwork.includes(cause.code ?? '');
    throw refused && !silent ? signInFailed({ cause }) : Problem.of('issuer-unreachable', { cause });
  }
}

const faultsOfNetwork = ['OAUTH_TIMEOUT', 'OAUTH_ABORT', 'OAUTH_RESPONSE_IS_NOT_CONFORM', 'OAUTH_RESPONSE_IS_NOT_JSON'];

export function signInFailed(details?: { readonly cause: unknown }): Problem {
  return new Problem('sign-in-failed', 400, 'You could not be signed in', details);
}
