// The two people of the story, at their screens: a caseworker of the Immigration Office and the applicant. They use the
// same APIs as anybody else.
import { audienceOf, caseworker, subjectAccount, type RunningMesh } from '@anonymesh/founding';
import type { Sample } from '@anonymesh/examples';
import { devToken } from '../identity-provider/dev-token.js';

export interface Asked {
  readonly queryId: string;
  readonly reference: string;
  readonly state: string;
}

export interface QueryView {
  readonly state: string;
  readonly answered: number;
  readonly holders: number;
  readonly outcome?: string;
}

export interface ExplanationView {
  readonly purpose: string;
  readonly askedBy: string;
  readonly askedAt: string;
  readonly outcome: string;
  readonly concerns: readonly { readonly holder: string; readonly reason: string; readonly contact: string }[];
}

type Call = (method: 'GET' | 'POST', path: string, body?: object) => Promise<unknown>;

/** Somebody signed in at an app's API. Calls reject with status and code of a problem document. */
export async function signIn(mesh: RunningMesh, app: string, account: string): Promise<Call> {
  const { issuer, clientId, clientSecret, password } = mesh.login;
  const login = { issuer, clientId, clientSecret, username: account, password, audience: audienceOf(app) };
  const token = await devToken(login);
  return async (method, path, body) => {
    const response = await fetch(`${mesh.url(app)}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    });
    const answer: unknown = await response.json();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${codeOf(answer)}`);
    return answer;
  };
}

export const signInCaseworker = (mesh: RunningMesh) => signIn(mesh, 'immigration', caseworker);

export const signInSubject = (mesh: RunningMesh, { fields }: Sample) =>
  signIn(mesh, 'appeal-portal', subjectAccount(fields.niNumber));

function codeOf(answer: unknown): string {
  const code: unknown = typeof answer === 'object' && answer !== null ? Reflect.get(answer, 'code') : undefined;
  return typeof code === 'string' ? code : 'no code';
}
