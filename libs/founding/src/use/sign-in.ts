// Somebody signed in at an app's API: what a person's browser, or another program of the organisation, would do.
import type { PartyId } from '@anonymesh/protocol';
import { audienceOf } from '../found/config.js';
import type { RunningMesh } from '../run/start-mesh.js';
import { devToken } from './dev-token.js';

export interface SignedIn {
  readonly token: string;
  /** The answer as it comes, whatever it says. */
  send(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<Response>;
  /** The answer's JSON. Rejects with status and code of a problem document. */
  call(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<unknown>;
}

export async function signIn(mesh: RunningMesh, app: PartyId, account: string): Promise<SignedIn> {
  const { issuer, clientId, clientSecret, password } = mesh.login;
  const login = { issuer, clientId, clientSecret, username: account, password, audience: audienceOf(app) };
  const token = await devToken(login);
  return signedInWith(token, mesh.url(app));
}

/** With whatever token: it need not be a good one. */
export function signedInWith(token: string, url: string): SignedIn {
  const send: SignedIn['send'] = (method, path, body) =>
    fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    });
  return {
    token,
    send,
    call: async (method, path, body) => {
      const response = await send(method, path, body);
      const answer: unknown = await response.json();
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${codeOf(answer)}`);
      return answer;
    },
  };
}

function codeOf(answer: unknown): string {
  const code: unknown = typeof answer === 'object' && answer !== null ? Reflect.get(answer, 'code') : undefined;
  return typeof code === 'string' ? code : 'no code';
}
