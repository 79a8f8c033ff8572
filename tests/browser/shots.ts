// Which pages are pictured, and how one gets there in the mesh that take-screenshots.ts has started.
import { applicant, askedSince } from '@anonymesh/examples';
import { administrator, approver, caseworker, socialWorker, subjectAccount, type Asked } from '@anonymesh/founding';
import type { PartyId } from '@anonymesh/protocol';
import type { Page } from 'playwright-core';

/** What has been asked before the first picture. */
export interface Scene {
  /** About the applicant, and decided. */
  readonly check: Asked;
  /** Still open: one holder has not answered. */
  readonly openCheck: Asked;
  /** Query IDs: one that released, and one about which people at the holders have to decide. */
  readonly released: string;
  readonly approving: string;
}

export interface Shot {
  readonly name: string;
  readonly app: PartyId;
  readonly account: string;
  /** Where the visitor is going when they sign in. */
  readonly path: string | ((scene: Scene) => string);
  /** What they do there. */
  readonly open?: (page: Page, scene: Scene) => Promise<void>;
  /** Pixels down to which it is pictured; where most windows end unless told. */
  readonly tallest?: number;
}

const office = { app: 'immigration', account: caseworker };
const children = { app: 'childrens-services', account: socialWorker };
const subject = { app: 'appeal-portal', account: subjectAccount(applicant.fields.niNumber), path: '/reference' };
const holder = { app: 'hmrc', account: administrator };

async function findOutWhy(page: Page, { check }: Scene): Promise<void> {
  await page.getByLabel('Reference').fill(check.reference);
  await page.getByRole('button', { name: 'Find out why' }).click();
  await page.getByRole('heading', { name: 'Who had a concern' }).waitFor();
}

export const shots: readonly Shot[] = [
  {
    ...office,
    name: 'requester-new-check',
    path: '/new/right-to-remain',
    open: (page) => page.getByText('Who is asked, and what each receives').click(),
  },
  { ...office, name: 'requester-waiting', path: ({ openCheck }) => `/queries/${openCheck.queryId}` },
  { ...office, name: 'requester-outcome', path: ({ check }) => `/queries/${check.queryId}` },
  { ...office, name: 'requester-letter', path: ({ check }) => `/queries/${check.queryId}/letter` },
  { ...office, name: 'requester-my-queries', path: '/' },
  { ...office, name: 'requester-what-was-shared', path: ({ check }) => `/queries/${check.queryId}/shared` },
  { ...children, name: 'requester-set-query', path: ({ approving }) => `/queries/${approving}` },
  { ...children, name: 'requester-records', path: ({ released }) => `/queries/${released}/records?column=2` },
  { ...subject, name: 'portal-why', open: findOutWhy },
  {
    ...subject,
    name: 'portal-recheck',
    open: async (page, scene) => {
      await findOutWhy(page, scene);
      await page.getByRole('button', { name: 'Ask for a re-check' }).click();
      await page.getByRole('button', { name: 'Look again' }).waitFor();
    },
  },
  { ...holder, name: 'console-overview', path: '/', tallest: 2000 },
  {
    ...holder,
    name: 'console-agreement',
    path: '/agreements',
    open: async (page) => {
      await page.getByRole('main').getByRole('link', { name: 'Right to remain' }).click();
      await page.getByRole('heading', { name: 'What is run here' }).waitFor();
    },
  },
  {
    ...holder,
    name: 'console-try',
    path: '/try',
    open: async (page) => {
      await page.getByRole('main').getByRole('link').first().click();
      await page.getByLabel('National Insurance number').fill(applicant.fields.niNumber);
      await page.getByLabel('Date of birth').fill(applicant.fields.birthDate);
      await page.getByRole('button', { name: 'Try it' }).click();
      await page.getByRole('heading', { name: 'A concern' }).waitFor();
    },
  },
  { ...holder, name: 'console-disclosures', path: '/disclosures' },
  { app: 'health-trust', account: approver, name: 'console-approvals', path: '/approvals' },
];

/** The parameter of the set queries. */
export const since = askedSince;
