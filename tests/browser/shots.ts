// Which pages are pictured, and how one gets there. The applicant's check has been asked and decided.
import { applicant } from '@anonymesh/examples';
import { administrator, caseworker, subjectAccount, type Asked } from '@anonymesh/founding';
import type { PartyId } from '@anonymesh/protocol';
import type { Page } from 'playwright-core';

export interface Shot {
  readonly name: string;
  readonly app: PartyId;
  readonly account: string;
  /** Where the visitor is going when they sign in. */
  readonly path: string;
  /** What they do there. */
  readonly open?: (page: Page, asked: Asked) => Promise<void>;
}

const subject = { app: 'appeal-portal', account: subjectAccount(applicant.fields.niNumber), path: '/reference' };

const holder = { app: 'hmrc', account: administrator };
const office = { app: 'immigration', account: caseworker };

export const shots: readonly Shot[] = [
  {
    ...office,
    name: 'requester-new-check',
    path: '/new/right-to-remain',
    open: (page) => page.getByText('Who is asked, and what each receives').click(),
  },
  {
    ...office,
    name: 'requester-outcome',
    path: '/',
    open: async (page, { queryId }) => {
      await page.goto(new URL(`/queries/${queryId}`, page.url()).href);
    },
  },
  {
    ...subject,
    name: 'portal-why',
    open: async (page, { reference }) => {
      await page.getByLabel('Reference').fill(reference);
      await page.getByRole('button', { name: 'Find out why' }).click();
      await page.getByRole('heading', { name: 'Who had a concern' }).waitFor();
    },
  },
  { ...holder, name: 'console-overview', path: '/' },
  {
    ...holder,
    name: 'console-agreement',
    path: '/agreements',
    open: async (page) => {
      await page.getByRole('main').getByRole('link', { name: 'Right to remain' }).click();
      await page.getByRole('heading', { level: 1 }).waitFor();
    },
  },
  { ...holder, name: 'console-disclosures', path: '/disclosures' },
];
