// Pages in states that people seldom see, in a real browser on a whole mesh: a check that a person must look at, a list of
// ten thousand, a person who may not be told yet, a store that does not work.
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { applicant } from '@anonymesh/examples';
import { administrator, caseworker, placesOf, subjectAccount } from '@anonymesh/founding';
import type { PartyId } from '@anonymesh/protocol';
import type { Browser } from 'playwright-core';
import { startTestMesh, type TestMesh } from '../mesh/start-test-mesh.js';
import { startChromium } from '../servers/chromium.js';
import { expectGoodPage, expectNothingKept } from './expect-page.js';
import { sitDown, type Person } from './people.js';
import { signInAt } from './sign-in.js';

let mesh: TestMesh;
let browser: Browser;
const sitting: Person[] = [];

beforeAll(async () => {
  const terms = { deadlineSeconds: 15, tellsSubject: { concerns: true, afterSeconds: 3600 } } as const;
  [mesh, browser] = await Promise.all([startTestMesh({ terms }), startChromium()]);
}, 120_000);
afterEach(async () => {
  for (const person of sitting.splice(0)) await person.leave();
});
afterAll(async () => {
  await browser?.close();
  await mesh?.end();
});

async function at(app: PartyId, account: string, path: string): Promise<Person> {
  const person = await sitDown(browser);
  sitting.push(person);
  await signInAt(person, mesh, app, account, path);
  return person;
}

async function expectGoodAtAnyWidth(person: Person): Promise<void> {
  for (const width of [320, 1024]) {
    await person.page.setViewportSize({ width, height: 800 });
    await expectGoodPage(person);
  }
}

it('a check without all answers ends by itself as one that a person must look at, and says what to do', async () => {
  await mesh.child('council').stop();
  const { queryId } = await mesh.ask(applicant);
  const person = await at('immigration', caseworker, `/queries/${queryId}`);
  const { page } = person;
  await page.getByText('2 of 3 holders have answered').waitFor();
  await page.getByRole('heading', { name: 'Refer', exact: true }).waitFor({ timeout: 30_000 });
  const told = await page.getByRole('main').innerText();
  for (const shown of ['It does not mean a concern', 'What to do next', 'Ask again']) expect(told).toContain(shown);
  await expectGoodAtAnyWidth(person);
  await mesh.restart('council');
}, 90_000);

it('a person who may not be told yet learns from when, and nothing else', async () => {
  const { queryId, reference } = await mesh.ask(applicant);
  await mesh.ended(queryId);
  const person = await at('appeal-portal', subjectAccount(applicant.fields.niNumber), '/reference');
  const { page } = person;
  await page.getByLabel('Reference').fill(reference);
  await page.getByRole('button', { name: 'Find out why' }).click();
  await page.getByRole('heading', { name: 'Not yet' }).waitFor();
  expect(await page.getByRole('main').innerText()).not.toMatch(/HM Revenue|concern/i);
  await expectGoodAtAnyWidth(person);
  await expectNothingKept(person, [reference]);
}, 90_000);

it('a list of ten thousand queries is there in a moment, page after page', async () => {
  const store = new DatabaseSync(placesOf(mesh.dir, 'immigration').state);
  const columns = store.prepare("select name from pragma_table_info('queries') where name <> 'id'").all();
  const names = columns.map(({ name }) => String(name)).join(', ');
  store.exec(`with recursive n (i) as (select 1 union all select i + 1 from n where i < 10000)
    insert into queries (id, ${names}) select lower(hex(randomblob(16))), ${names}
    from n, (select * from queries limit 1)`);
  store.close();
  const person = await at('immigration', caseworker, '/');
  const { page } = person;
  const began = Date.now();
  await page.goto(mesh.url('immigration'));
  expect(Date.now() - began).toBeLessThan(2_000);
  expect(await page.getByRole('main').innerText()).toMatch(/1 to 50 of 10,0\d\d/);
  await expectGoodAtAnyWidth(person);
  await page.getByRole('link', { name: /Next/ }).click();
  await page.getByText(/51 to 100 of 10,0\d\d/).waitFor();
  await expectGoodAtAnyWidth(person);
}, 90_000);

it('a console whose store does not work says so in place of a list', async () => {
  const person = await at('hmrc', administrator, '/');
  const { page } = person;
  const store = new DatabaseSync(placesOf(mesh.dir, 'hmrc').state, { timeout: 5000 });
  store.exec('alter table disclosures rename to lost');
  await page.goto(`${mesh.url('hmrc')}/disclosures`);
  await page.getByText('own store does not answer').first().waitFor();
  await expectGoodAtAnyWidth(person);
  await page.goto(mesh.url('hmrc'));
  await page.getByRole('heading', { name: 'Is everything well?' }).waitFor();
  await expectGoodAtAnyWidth(person);
  store.exec('alter table lost rename to disclosures');
  store.close();
}, 60_000);
