// Which pages are pictured, and how one gets there. The applicant's check has been asked and decided.
import { applicant } from '@anonymesh/examples';
import { subjectAccount, type Asked } from '@anonymesh/founding';
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

export const shots: readonly Shot[] = [
  {
    ...subject,
    name: 'portal-why',
    open: async (page, { reference }) => {
      await page.getByLabel('Reference').fill(reference);
      await page.getByRole('button', { name: 'Find out why' }).click();
      await page.getByRole('heading', { name: 'Who had a concern' }).waitFor();
    },
  },
];
