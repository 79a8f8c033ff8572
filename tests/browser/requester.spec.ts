// The caseworker's pages, clicked through in a real browser on a whole mesh.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { applicant, samples } from '@anonymesh/examples';
import { caseworker, signInSubject, visitor } from '@anonymesh/founding';
import type { Browser, Page } from 'playwright-core';
import { startTestMesh, type TestMesh } from '../mesh/start-test-mesh.js';
import { until } from '../mesh/until.js';
import { startChromium } from '../servers/chromium.js';
import { expectGoodPage, expectNothingKept } from './expect-page.js';
import { press, typeInto } from './keyboard.js';
import { sitDown, type Person, type Surroundings } from './people.js';
import { signInAt } from './sign-in.js';

const { niNumber, surname, birthDate, postcode } = applicant.fields;
const [year = '', month = '', day = ''] = birthDate.split('-');
const answers = [
  ['National Insurance number', niNumber],
  ['Last name', surname],
  ['Day', day],
  ['Month', month],
  ['Year', year],
  ['Postcode', postcode],
] as const;
let mesh: TestMesh;
let browser: Browser;
const people: Person[] = [];

beforeAll(async () => {
  [mesh, browser] = await Promise.all([startTestMesh(), startChromium()]);
}, 120_000);
afterEach(async () => {
  for (const person of people.splice(0)) await person.leave();
});
afterAll(async () => {
  await browser?.close();
  await mesh?.end();
});

async function at(path: string, surroundings?: Surroundings, account: string = caseworker): Promise<Person> {
  const person = await sitDown(browser, surroundings);
  people.push(person);
  await signInAt(person, mesh, 'immigration', account, path);
  return person;
}

const textOf = (page: Page) => page.getByRole('main').innerText();
const ask = (page: Page) => page.getByRole('button', { name: 'Ask', exact: true });
const reference = async (page: Page) => (await page.locator('.requester-reference').innerText()).trim();

describe('a caseworker', () => {
  it('asks, waits, reads the one word, prints the letter, and finds the query again', async () => {
    const person = await at('/');
    const { page } = person;
    expect(await textOf(page)).toContain('You have not asked anything yet');
    await expectGoodPage(person);
    await page.getByRole('button', { name: 'New query' }).click();
    await ask(page).waitFor();
    expect(await textOf(page)).toContain('To decide an application for the right to remain');
    await expectGoodPage(person);

    await ask(page).click();
    await page.getByRole('alert').waitFor();
    await expectGoodPage(person);
    for (const [label, text] of answers) await page.getByLabel(label).fill(text);
    await mesh.child('aggregator').stop();
    await ask(page).click();
    await page.getByRole('heading', { name: 'Waiting for answers' }).waitFor();
    await expectGoodPage(person);
    await mesh.restart('aggregator');
    // By itself: nobody refreshes.
    await page.getByRole('heading', { name: 'Concern' }).waitFor();
    expect(await textOf(page)).toContain('Neither you nor anybody else here is told which');
    expect(await textOf(page)).not.toMatch(/HM Revenue/);
    await expectGoodPage(person);
    const given = await reference(page);

    await page.getByRole('link', { name: 'Letter to the applicant' }).click();
    await page.getByRole('button', { name: 'Print' }).waitFor();
    await expectGoodPage(person);
    await page.emulateMedia({ media: 'print' });
    expect(await page.getByRole('button', { name: 'Print' }).isVisible()).toBe(false);
    expect(await textOf(page)).toContain(given);
    expect(await textOf(page)).toContain(mesh.url('appeal-portal'));
    // Which the browser would print a second time, after the link.
    const after = 'getComputedStyle(document.querySelector(".requester-letter a"), "::after").content';
    expect(await page.evaluate(after)).toBe('none');
    await page.emulateMedia({ media: 'screen' });

    await page.getByRole('navigation').getByRole('link', { name: 'My queries' }).click();
    await expectGoodPage(person);
    await page.getByLabel('State').selectOption('Clear');
    await page.getByRole('button', { name: 'Show' }).click();
    expect(await textOf(page)).toContain('None of your queries is like that');
    await expectGoodPage(person);
    await page.getByLabel('Find a check by its reference').fill(given.toLowerCase());
    await page.getByRole('button', { name: 'Find' }).click();
    await page.getByRole('heading', { name: 'Concern' }).waitFor();
    await expectNothingKept(person, [niNumber, surname, postcode, given]);
  }, 150_000);

  it('can ask with the keyboard alone, on a narrow screen', async () => {
    const person = await at('/new', { width: 320 });
    const { page } = person;
    await expectGoodPage(person);
    for (const [label, text] of answers) await typeInto(page, page.getByLabel(label), text);
    await press(page, ask(page));
    await page.getByRole('heading', { name: 'Concern' }).waitFor();
    await expectGoodPage(person);
    await press(page, page.getByRole('link', { name: 'Letter to the applicant' }));
    await page.getByRole('button', { name: 'Print' }).waitFor();
    await expectGoodPage(person);
    await page.goto(mesh.url('immigration'));
    await expectGoodPage(person);
  }, 90_000);

  it('can do it without JavaScript, by refreshing', async () => {
    const { page } = await at('/new', { javaScript: false });
    for (const [label, text] of answers) await page.getByLabel(label).fill(text);
    await ask(page).click();
    const word = page.getByRole('heading', { name: 'Concern' });
    for (let times = 0; times < 60 && (await word.count()) === 0; times += 1) {
      await page.getByRole('button', { name: 'Refresh' }).click();
      await page.waitForTimeout(300);
    }
    expect(await textOf(page)).toContain('What to do next');
  }, 90_000);

  it('takes a query back with the keyboard alone, and sees who learned what, on a narrow screen too', async () => {
    const person = await at('/new', { width: 320 });
    const { page } = person;
    await mesh.child('council').stop();
    for (const [label, text] of answers) await typeInto(page, page.getByLabel(label), text);
    await press(page, ask(page));
    await page.getByRole('heading', { name: 'Waiting for answers' }).waitFor();
    await press(page, page.getByRole('link', { name: 'What was shared, and with whom' }));
    await page.getByRole('img', { name: /^Messages between/ }).waitFor();
    await expectGoodPage(person);
    await page.setViewportSize({ width: 1024, height: 800 });
    await expectGoodPage(person);
    await page.setViewportSize({ width: 320, height: 800 });
    await press(page, page.getByRole('link', { name: 'The query' }));
    await press(page, page.getByRole('link', { name: 'Take this query back' }));
    await page.getByRole('button', { name: 'Take it back' }).waitFor();
    await expectGoodPage(person);
    await press(page, page.getByRole('button', { name: 'Take it back' }));
    await page.getByRole('heading', { name: 'Taken back' }).waitFor();
    await expectGoodPage(person);
    await mesh.restart('council');
    await page.goto(`${mesh.url('immigration')}/queries/none`);
    await page.getByRole('heading', { name: 'Page not found' }).waitFor();
    await expectGoodPage(person);
    await press(page, page.getByRole('button', { name: 'Menu' }));
    await press(page, page.getByRole('button', { name: 'Sign out' }));
    await page.getByText('Do you want to sign out here, too?').waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'You have signed out' }).waitFor();
    await expectGoodPage(person);
  }, 120_000);

  it('sees a re-check that the applicant asked for, beside the first check', async () => {
    const about = samples[2] ?? applicant;
    const asked = await mesh.ask(about);
    await mesh.ended(asked.queryId);
    const person = await at('/');
    const { page } = person;
    const subject = await signInSubject(mesh, about);
    await subject.call('POST', '/api/v1/rechecks', { reference: asked.reference });
    await until('the re-check has been asked', async () => {
      const { queries } = (await mesh.caseworker.call('GET', '/api/v1/queries')) as { queries: { recheck: boolean }[] };
      return queries.some(({ recheck }) => recheck);
    });
    await page.getByLabel('Only re-checks').check();
    await page.getByRole('button', { name: 'Show' }).click();
    await page.getByText('Re-check', { exact: true }).first().waitFor();
    await expectGoodPage(person);
  }, 60_000);

  it('keeps a query that the mesh does not take at the moment, and is told so', async () => {
    const person = await at('/new');
    const { page } = person;
    await mesh.child('coordinator').kill();
    for (const [label, text] of answers) await page.getByLabel(label).fill(text);
    await ask(page).click();
    await page.getByText('The mesh does not answer at the moment. Your query is kept').waitFor();
    await expectGoodPage(person);
    await mesh.restart('coordinator');
    await page.getByRole('heading', { name: 'Concern' }).waitFor({ timeout: 60_000 });
  }, 120_000);
});

it('whoever has no role is told that there is nothing to ask under, and why that may be', async () => {
  const person = await at('/new', {}, visitor);
  expect(await textOf(person.page)).toContain('There is no agreement today under which your role may ask');
  await expectGoodPage(person);
}, 60_000);
