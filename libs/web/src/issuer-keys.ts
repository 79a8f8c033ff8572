// The public keys of the identity provider, found through its discovery document and fetched again when it has new
// ones. Attackers send tokens with made-up key ids: however many, the provider is asked once per cooldown.
import { type JWTVerifyGetKey, type RemoteJWKSet, createRemoteJWKSet, customFetch, errors } from 'jose';
import { z } from 'zod';

/** The provider cannot be asked, or what it says is not what a provider says. */
export class IssuerUnreachable extends Error {
  override readonly name = 'IssuerUnreachable';
}

const patience = 5_000;

type Fetch = (address: string, options?: RequestInit) => Promise<Response>;

/** Throws a TypeError where `issuer` is neither https nor on this machine, so that no network can put in its own keys. */
export function issuerKeys(issuer: string, cooldown: number): JWTVerifyGetKey {
  requireSafe(issuer);
  const fetch = sparingly(cooldown);
  let known: Promise<RemoteJWKSet> | undefined;

  return async (header, token) => {
    const finding = (known ??= discover(issuer, cooldown, fetch));
    const keys = await finding.catch((cause: unknown) => {
      if (known === finding) known = undefined;
      throw new IssuerUnreachable('no discovery document', { cause });
    });
    try {
      return await keys(header, token);
    } catch (error) {
      if (faultsOfToken.some((fault) => error instanceof fault)) throw error;
      // Good keys outlive a provider that is away for a while. Without, it may have moved: discover it anew.
      if (!keys.fresh && known === finding) known = undefined;
      throw new IssuerUnreachable('no keys', { cause: error });
    }
  };
}

const faultsOfToken = [errors.JWKSNoMatchingKey, errors.JWKSMultipleMatchingKeys, errors.JOSENotSupported];

// jose keeps a pause after a success only; a provider that is down must not be asked once for each bad token either.
function sparingly(cooldown: number): Fetch {
  let failed = -Infinity;
  return async (address, options) => {
    if (performance.now() - failed < cooldown) throw new IssuerUnreachable('asked in vain just now');
    try {
      const answer = await fetch(address, { ...options, redirect: 'error' });
      if (answer.status === 200) return answer;
      throw new IssuerUnreachable(`status ${answer.status}`);
    } catch (cause) {
      failed = performance.now();
      throw new IssuerUnreachable('no answer', { cause });
    }
  };
}

const discovered = z.object({ issuer: z.string(), jwks_uri: z.url() });

async function discover(issuer: string, cooldownDuration: number, fetch: Fetch): Promise<RemoteJWKSet> {
  // OpenID Connect Discovery 1.0 section 4: appended to the issuer, without a doubled slash.
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const answer = await fetch(address, { signal: AbortSignal.timeout(patience) });
  const document = discovered.parse(await answer.json());
  // Section 4.3: it must say of itself what we were told of it.
  if (document.issuer !== issuer) throw new IssuerUnreachable('another issuer answers');
  requireSafe(document.jwks_uri);
  return createRemoteJWKSet(new URL(document.jwks_uri), {
    cooldownDuration,
    timeoutDuration: patience,
    [customFetch]: fetch,
  });
}

function requireSafe(address: string): void {
  const { protocol, hostname } = new URL(address);
  if (protocol !== 'https:' && !(protocol === 'http:' && onThisMachine(hostname)))
    throw new TypeError('issuer is not https');
}

/** No network lies between. */
export function onThisMachine(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}
