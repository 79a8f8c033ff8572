// The people of the story at their screens, a caseworker of the Immigration Office and the subject, and what they see.
// They use the same APIs as anybody else.
import type { Sample } from '@anonymesh/examples';
import type { PartyId } from '@anonymesh/protocol';
import { approver, caseworker, socialWorker, subjectAccount } from '../found/accounts.js';
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
  readonly progress?: { readonly stage: string; readonly percent: number };
  readonly outcome?: string;
  readonly code?: string;
  readonly people?: number;
}

export interface ExplanationView {
  readonly purpose: string;
  readonly askedBy: string;
  readonly askedAt: string;
  readonly outcome: string;
  readonly concerns: readonly { readonly holder: string; readonly reason: string; readonly contact: string }[];
}

export const signInCaseworker = (mesh: RunningMesh) => signIn(mesh, 'immigration', caseworker);

export const signInSocialWorker = (mesh: RunningMesh) => signIn(mesh, 'childrens-services', socialWorker);

/** At the holder's own node. */
export const signInApprover = (mesh: RunningMesh, holder: PartyId) => signIn(mesh, holder, approver);

export const signInSubject = (mesh: RunningMesh, { fields }: Sample) =>
  signIn(mesh, 'appeal-portal', subjectAccount(fields.niNumber));
