// The made-up people who can sign in at the development identity provider: caseworkers, a holder's own people, somebody
// without a role, and every sample person as a subject.
import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { samples } from '@anonymesh/examples';
import type { PagesClient } from './pages.js';
import { identityProviderPlaces } from './places.js';

export interface SandboxLogin {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** The password of every made-up account of this run. */
  readonly password: string;
}

export const caseworker = 'casey.worker';
export const socialWorker = 'sasha.social-worker';
export const approver = 'avery.approver';
export const secondApprover = 'blake.approver';
export const viewer = 'vera.viewer';
export const administrator = 'ada.administrator';
export const visitor = 'vic.visitor';

/** The account name of a sample person. */
export function subjectAccount(niNumber: string): string {
  return `subject-${samples.findIndex(({ fields }) => fields.niNumber === niNumber)}`;
}

export async function foundAccounts(
  dir: string,
  ports: ReadonlyMap<string, number>,
  pages: readonly PagesClient[],
): Promise<SandboxLogin> {
  const places = identityProviderPlaces(dir);
  await mkdir(places.home, { recursive: true, mode: 0o700 });
  const password = randomBytes(9).toString('base64url');
  const clientSecret = randomBytes(24).toString('base64url');
  const accounts = [
    { id: caseworker, name: 'Casey Worker', password, claims: { roles: ['caseworker'], organisation: 'immigration' } },
    {
      id: socialWorker,
      name: 'Sasha Social-Worker',
      password,
      claims: { roles: ['social-worker'], organisation: 'childrens-services' },
    },
    { id: approver, name: 'Avery Approver', password, claims: { roles: ['approver'] } },
    { id: secondApprover, name: 'Blake Approver', password, claims: { roles: ['approver'] } },
    { id: viewer, name: 'Vera Viewer', password, claims: { roles: ['viewer'] } },
    { id: administrator, name: 'Ada Administrator', password, claims: { roles: ['administrator'] } },
    { id: visitor, name: 'Vic Visitor', password, claims: { roles: [] } },
    ...samples.map(({ givenNames, fields }, index) => ({
      id: `subject-${index}`,
      name: `${givenNames} ${fields.surname}`,
      password,
      claims: { ni_number: fields.niNumber },
    })),
  ];
  const clients = [{ id: 'sandbox', secret: clientSecret, devLogin: true }, ...pages];
  await writeFile(places.accounts, JSON.stringify(accounts), { mode: 0o600 });
  await writeFile(places.clients, JSON.stringify(clients), { mode: 0o600 });
  const issuer = `http://127.0.0.1:${ports.get('identity-provider')}`;
  return { issuer, clientId: 'sandbox', clientSecret, password };
}
