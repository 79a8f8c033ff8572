// What happens to people whose session ends, in a real browser on a whole mesh: what they typed is there again after they
// have signed in, and whoever signed out stays out, whatever becomes of the process.
import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { applicant } from '@anonymesh/examples';
import { administrator, caseworker, placesOf, subjectAccount } from '@anonymesh/founding';
import type { PartyId } from '@anonymesh/protocol';
import type { Browser, Page } from 'playwright-core';
import { parse, stringify } from 'yaml';
import { startTestMesh, type TestMesh } from '../mesh/start-test-mesh.js';
import { startChromium } from '../servers/chromium.js';
import { expectGoodPage, expectNothingKept } from './expect-page.js';
import { sitDown, type Person } from './people.js';
import { signInAt } from './sign-in.js';

const idleSeconds = 6;
const { niNumber, birthDate, surname } = applicant.fields;
let mesh: TestMesh;
let browser: Browser;
const sitting: Person[] = [];

beforeAll(async () => {
  const starting = startTestMesh({
    prepare: async ({ dir }) => {
      for (const id of ['immigration', 'appeal-portal', 'hmrc']) {
        const { config } = placesOf(dir, id);
        const read = parse(await readFile(config, 'utf8')) as { pages: object };
        await writeFile(config, stringify({ ...read, pages: { ...read.pages, idleMinutes: idleSeconds / 60 } }));
      }
    },
  });
  [mesh, browser] = await Promise.all([starting, startChromium()]);
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

/** Presses the button when the session is over, and signs in where that leads to. */
async function sendLate(page: Page, button: string, account: string): Promise<void> {
  await page.waitForTimeout(idleSeconds * 1000 + 500);
  await page.getByRole('button', { name: button, exact: true }).click();
  const notice = page.getByRole('heading', { name: 'Not sent yet' });
  const asked = page.getByLabel('User name');
  await notice.or(asked).first().waitFor();
  if ((await asked.count()) > 0) {
    await asked.fill(account);
    await page.getByLabel('Password').fill(mesh.login.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
  }
  await notice.waitFor();
}

it('a caseworker finds the form as it was typed', async () => {
  const person = await at('immigration', caseworker, '/new');
  const { page } = person;
  await page.getByLabel('National Insurance number').fill(niNumber);
  await page.getByLabel('Last name').fill(surname);
  await page.getByLabel('Day').fill('27');
  await sendLate(page, 'Ask', caseworker);
  expect(await page.getByLabel('National Insurance number').inputValue()).toBe(niNumber);
  expect(await page.getByLabel('Last name').inputValue()).toBe(surname);
  expect(await page.getByLabel('Day').inputValue()).toBe('27');
  await expectGoodPage(person);
  await expectNothingKept(person, [niNumber, surname]);
  const { queries } = (await mesh.caseworker.call('GET', '/api/v1/queries')) as { queries: unknown[] };
  expect(queries).toEqual([]);
  for (const app of ['immigration', 'identity-provider'])
    expect(await readFile(placesOf(mesh.dir, app).log, 'utf8')).not.toContain(niNumber);
}, 90_000);

it('the person whom a check was about finds the reference', async () => {
  const asked = await mesh.ask(applicant);
  await mesh.ended(asked.queryId);
  const account = subjectAccount(niNumber);
  const person = await at('appeal-portal', account, '/reference');
  const { page } = person;
  await page.getByLabel('Reference').fill(asked.reference);
  await sendLate(page, 'Find out why', account);
  expect(await page.getByLabel('Reference').inputValue()).toBe(asked.reference);
  await expectGoodPage(person);
  await expectNothingKept(person, [niNumber, asked.reference]);
  await page.getByRole('button', { name: 'Find out why' }).click();
  await page.getByRole('heading', { name: 'Who had a concern' }).waitFor();
}, 90_000);

it('a holder’s administrator finds the sample', async () => {
  const person = await at('hmrc', administrator, '/try');
  const { page } = person;
  await page.getByRole('main').getByRole('link').first().click();
  await page.getByLabel('National Insurance number').fill(niNumber);
  await page.getByLabel('Date of birth').fill(birthDate);
  await sendLate(page, 'Try it', administrator);
  expect(await page.getByLabel('National Insurance number').inputValue()).toBe(niNumber);
  await expectGoodPage(person);
  await expectNothingKept(person, [niNumber]);
}, 90_000);

it('whoever has signed out is not let in by a copy of the cookie, also when the app has been started again', async () => {
  const { page, context } = await at('immigration', caseworker, '/');
  const cookie = (await context.cookies(mesh.url('immigration')))
    .map(({ name, value }) => `${name}=${value}`)
    .join('; ');
  const status = async () => {
    const headers = { accept: 'text/html', cookie };
    return (await fetch(mesh.url('immigration'), { headers, redirect: 'manual' })).status;
  };
  expect(await status()).toBe(200);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByText('Do you want to sign out here, too?').waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByText('Close the window if others use this computer').waitFor();
  expect(await status()).toBe(303);
  await mesh.child('immigration').kill();
  await mesh.restart('immigration');
  expect(await status()).toBe(303);
}, 90_000);
