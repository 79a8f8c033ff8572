// The people of the story at their screens, a caseworker of the Immigration Office and the subject, and what they see.
// They use the same APIs as anybody else.
import type { Sample } from '@anonymesh/examples';
import { caseworker, subjectAccount } from '../found/accounts.js';
import type { RunningMesh } from '../run/start-mesh.js';
import { signIn } from './sign-in.js';

export interface Asked {
  readonly queryId: string;
  readonly reference: string;
  readonly state: string;
}

export interface QueryView {
  readonly queryId: string;
  readonly state: string;
  readonly answered: number;
  readonly holders: number;
  readonly outcome?: string;
  readonly code?: string;
}

export interface ExplanationView {
  readonly purpose: string;
  readonly askedBy: string;
  readonly askedAt: string;
  readonly outcome: string;
  readonly concerns: readonly { readonly holder: string; readonly reason: string; readonly contact: string }[];
}

export const signInCaseworker = (mesh: RunningMesh) => signIn(mesh, 'immigration', caseworker);

export const signInSubject = (mesh: RunningMesh, { fields }: Sample) =>
  signIn(mesh, 'appeal-portal', subjectAccount(fields.niNumber));
