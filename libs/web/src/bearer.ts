// Who is calling: checks the OIDC access token of a request (RFC 9068) against the identity provider's keys. Neither
// the token nor a claim goes into an answer or a log; the app learns the subject, the roles and the verified claims.
import { type JWTPayload, errors, jwtVerify } from 'jose';
import { z } from 'zod';
import { IssuerUnreachable, issuerKeys } from './issuer-keys.js';
import { personOf } from './person.js';
import { Problem } from './problem.js';

export type User = {
  readonly kind: 'user';
  /** Who that is to the provider, by the claim `person`. */
  readonly subject: string;
  readonly roles: readonly string[];
  readonly claims: Readonly<JWTPayload>;
};

export type BearerOptions = {
  /** Exactly as the provider writes it, such as `https://id.example.org`. */
  readonly issuer: string;
  /** This app's API, for which the token must have been issued. */
  readonly audience: string;
  /** The `typ` of the token's header; some providers write `JWT` where RFC 9068 says `at+jwt`, the default. */
  readonly tokenType?: string;
  /** The claim that tells who somebody is; `sub` by default. */
  readonly person?: string;
  /** Claims without which a token is not valid here, such as `ni_number`. */
  readonly requiredClaims?: readonly string[];
  /** Milliseconds between two looks for new keys of the provider; 5 seconds by default. */
  readonly cooldown?: number;
};

export type Bearer = {
  /** The user of a token, or why it is refused. */
  verify(token: string): Promise<User | Problem>;
  /** The user of a request; throws the problem if there is none, or one without `role`. */
  authenticate(request: BearingRequest, role?: string): Promise<User>;
};

export type BearingRequest = { readonly headers: { readonly authorization?: string | undefined } };

// Only signatures with public keys: with HS256 the provider's public key would pass for a shared secret.
const algorithms = ['EdDSA', 'Ed25519', 'ES256', 'RS256', 'PS256'];
const largest = 8 * 1024;

export function openBearer(options: BearerOptions): Bearer {
  const { issuer, audience, tokenType = 'at+jwt', person = 'sub', requiredClaims = [], cooldown = 5_000 } = options;
  const keys = issuerKeys(issuer, cooldown);
  const rules = {
    issuer,
    audience,
    algorithms,
    typ: tokenType,
    requiredClaims: ['exp', 'sub', ...requiredClaims],
    clockTolerance: 30,
  };

  async function verify(token: string): Promise<User | Problem> {
    if (token.length > largest) return Problem.of('invalid-token');
    try {
      const { payload } = await jwtVerify(token, keys, rules);
      return userOf(payload, person);
    } catch (error) {
      if (error instanceof IssuerUnreachable) return Problem.of('issuer-unreachable', { cause: error });
      if (error instanceof errors.JWTExpired) return Problem.of('expired-token');
      if (error instanceof errors.JOSEError) return Problem.of('invalid-token');
      throw error;
    }
  }

  async function authenticate(request: BearingRequest, role?: string): Promise<User> {
    const { authorization } = request.headers;
    if (authorization === undefined) throw Problem.of('missing-token');
    const token = /^Bearer +([\w.~+/-]+=*)$/i.exec(authorization)?.[1];
    if (token === undefined) throw Problem.of('invalid-token');
    const user = await verify(token);
    if (user instanceof Problem) throw user;
    if (role !== undefined && !user.roles.includes(role)) throw Problem.of('role-required');
    return user;
  }

  return { verify, authenticate };
}

const claimed = z.object({ roles: z.array(z.string()).default([]) });

function userOf(claims: JWTPayload, person: string): User | Problem {
  const found = claimed.safeParse(claims);
  const subject = personOf(claims, person);
  if (!found.success || subject === undefined) return Problem.of('invalid-token');
  return { kind: 'user', subject, roles: found.data.roles, claims };
}
