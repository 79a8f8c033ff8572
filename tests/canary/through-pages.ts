// The canary at every page: asked about by a caseworker's form, explained to at the portal, tried and searched for at a
// holder's console, and typed where nothing is found.
import type { Sample } from '@anonymesh/examples';
import { administrator, caseworker, subjectAccount, type RunningMesh } from '@anonymesh/founding';
import { signInPages } from '../mesh/sign-in-pages.js';
import type { Page } from '../servers/visitor.js';

type Mesh = Pick<RunningMesh, 'url' | 'login'>;

/** Returns what stands in every page's address, title and headers: there she may not be, though the page is about her. */
export async function throughPages(mesh: Mesh, canary: Sample, reference: string): Promise<string> {
  const pages = [
    ...(await asCaseworker(mesh, canary, reference)),
    ...(await asSubject(mesh, canary, reference)),
    ...(await asAdministrator(mesh, canary)),
  ];
  return JSON.stringify(pages.map(({ url, headers, text }) => [url.href, [...headers], /<title>[^<]*/.exec(text)]));
}

async function asCaseworker(mesh: Mesh, { fields }: Sample, reference: string): Promise<Page[]> {
  const { visitor, page } = await signInPages(mesh, 'immigration', caseworker, '/new/right-to-remain');
  const [year = '', month = '', day = ''] = fields.birthDate.split('-');
  const birth = { 'birthDate-day': day, 'birthDate-month': month, 'birthDate-year': year };
  const asked = await visitor.submit(page, '/new/right-to-remain', { ...fields, ...birth });
  const wrong = await visitor.submit(page, '/new/right-to-remain', { ...fields, ...birth, postcode: fields.niNumber });
  expectShown([asked, wrong], 200, 422);
  const list = await visitor.open('/');
  return [asked, wrong, list, await visitor.submit(list, '/search', { reference })];
}

async function asSubject(mesh: Mesh, { fields }: Sample, reference: string): Promise<Page[]> {
  const account = subjectAccount(fields.niNumber);
  const { visitor, page } = await signInPages(mesh, 'appeal-portal', account, '/reference');
  const told = await visitor.submit(page, '/explanation', { reference });
  const wrong = await visitor.submit(page, '/explanation', { reference: fields.niNumber });
  expectShown([told, wrong], 200, 404);
  return [page, told, wrong];
}

async function asAdministrator(mesh: Mesh, { fields }: Sample): Promise<Page[]> {
  const { visitor, page } = await signInPages(mesh, 'hmrc', administrator, '/try');
  const [, path = ''] = /href="(\/try\/[^"]+)"/.exec(page.text) ?? [];
  const form = await visitor.open(path);
  const tried = await visitor.submit(form, path, { niNumber: fields.niNumber, birthDate: fields.birthDate });
  const log = await visitor.open('/disclosures');
  const found = await visitor.submit(log, '/disclosures', { format: 'ni-number', value: fields.niNumber });
  const wrong = await visitor.submit(log, '/disclosures', { format: 'ni-number', value: `${fields.niNumber}X` });
  expectShown([tried, found, wrong], 200, 200, 422);
  return [tried, found, wrong];
}

/** Or the search would search pages that say no more than that something went wrong. */
function expectShown(pages: readonly Page[], ...statuses: readonly number[]): void {
  const found = pages.map(({ status }) => status);
  if (found.join() !== statuses.join()) throw new Error(`pages with ${found.join()}, not ${statuses.join()}`);
}
