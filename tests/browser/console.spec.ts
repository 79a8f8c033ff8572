// The console of a holder's own staff, clicked through in a real browser on a whole mesh.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { applicant } from '@anonymesh/examples';
import { administrator, approver, viewer, visitor, type Asked } from '@anonymesh/founding';
import type { Browser, Page } from 'playwright-core';
import { startTestMesh, type TestMesh } from '../mesh/start-test-mesh.js';
import { startChromium } from '../servers/chromium.js';
import { expectGoodPage, expectNothingKept } from './expect-page.js';
import { press, tabTo, typeInto } from './keyboard.js';
import { sitDown, type Person, type Surroundings } from './people.js';
import { signInAt } from './sign-in.js';

const { niNumber, surname, birthDate } = applicant.fields;
let mesh: TestMesh;
let browser: Browser;
let asked: Asked;
const people: Person[] = [];

beforeAll(async () => {
  [mesh, browser] = await Promise.all([startTestMesh(), startChromium()]);
  asked = await mesh.ask(applicant);
  await mesh.ended(asked.queryId);
}, 120_000);
afterEach(async () => {
  for (const person of people.splice(0)) await person.leave();
});
afterAll(async () => {
  await browser?.close();
  await mesh?.end();
});

async function at(account: string, surroundings?: Surroundings, path = '/'): Promise<Person> {
  const person = await sitDown(browser, surroundings);
  people.push(person);
  await signInAt(person, mesh, 'hmrc', account, path);
  return person;
}

const textOf = (page: Page) => page.getByRole('main').innerText();
const go = (page: Page, name: string) => page.getByRole('navigation').getByRole('link', { name }).click();

describe('an administrator of a holder', () => {
  it('sees that all is well, what is agreed, tries a template, and finds what left about a person', async () => {
    const person = await at(administrator);
    const { page } = person;
    expect(await textOf(page)).toContain('Is everything well?');
    await expectGoodPage(person);

    await go(page, 'Agreements');
    await expectGoodPage(person);
    await page.getByRole('main').getByRole('link', { name: 'Right to remain' }).click();
    await expectGoodPage(person);

    await go(page, 'Try a template');
    await expectGoodPage(person);
    await page.getByRole('main').getByRole('link').first().click();
    await page.getByRole('button', { name: 'Try it' }).click();
    await page.getByRole('alert').waitFor();
    await expectGoodPage(person);
    await page.getByLabel('National Insurance number').fill(niNumber);
    await page.getByLabel('Date of birth').fill(birthDate);
    await page.getByRole('button', { name: 'Try it' }).click();
    await page.getByRole('heading', { name: 'A concern' }).waitFor();
    await expectGoodPage(person);

    await go(page, 'Disclosure log');
    expect(await textOf(page)).toContain(asked.queryId);
    await page.getByText('Search for what left about one person').click();
    await expectGoodPage(person);
    await page.getByRole('textbox').first().fill(niNumber);
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByRole('status').waitFor();
    expect(await textOf(page)).toContain(asked.queryId);
    await expectGoodPage(person);
    await expectNothingKept(person, [niNumber, surname]);
  }, 120_000);

  it('can do it with the keyboard alone, on a narrow screen', async () => {
    const person = await at(administrator, { width: 320 });
    const { page } = person;
    await expectGoodPage(person);
    await page.goto(`${mesh.url('hmrc')}/try`);
    await expectGoodPage(person);
    await press(page, page.getByRole('main').getByRole('link').first());
    await page.getByLabel('National Insurance number').waitFor();
    await typeInto(page, page.getByLabel('National Insurance number'), niNumber);
    await typeInto(page, page.getByLabel('Date of birth'), birthDate);
    await press(page, page.getByRole('button', { name: 'Try it' }));
    await page.getByRole('heading', { name: 'A concern' }).waitFor();
    await expectGoodPage(person);
    await page.goto(`${mesh.url('hmrc')}/disclosures`);
    await tabTo(page, page.getByRole('region', { name: 'What left' }));
    await expectGoodPage(person);
    await page.goto(`${mesh.url('hmrc')}/agreements`);
    await expectGoodPage(person);
  }, 90_000);

  it('can do it without JavaScript', async () => {
    const { page } = await at(administrator, { javaScript: false }, '/disclosures');
    await page.getByText('Search for what left about one person').click();
    await page.getByRole('textbox').first().fill(niNumber);
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByRole('status').waitFor();
    expect(await textOf(page)).toContain(asked.queryId);
  }, 60_000);
});

describe('the others', () => {
  it('see what their role is for: a viewer no search and no trial, an approver the approvals', async () => {
    const [watching, deciding] = [await at(viewer), await at(approver)];
    const links = ({ page }: Person) => page.getByRole('navigation').getByRole('link').allInnerTexts();
    expect((await links(watching)).join()).not.toMatch(/Try a template|Approvals/);
    await watching.page.goto(`${mesh.url('hmrc')}/try`);
    expect(await textOf(watching.page)).toContain('You cannot use this page');
    await expectGoodPage(watching);
    await watching.page.goto(`${mesh.url('hmrc')}/disclosures`);
    expect(await watching.page.getByText('Search for what left about one person').count()).toBe(0);
    await go(deciding.page, 'Approvals');
    await expectGoodPage(deciding);
  }, 60_000);

  it('who have no role see nothing', async () => {
    const person = await at(visitor);
    expect(await textOf(person.page)).toContain('You cannot use this page');
    await expectGoodPage(person);
  }, 60_000);
});

it('while the mesh is down the overview says what is, and what to do', async () => {
  const person = await at(viewer);
  await mesh.child('broker').kill();
  await person.page.reload();
  expect(await textOf(person.page)).toContain('Is everything well?');
  expect(await person.page.getByRole('row', { name: /^broker/i }).innerText()).not.toMatch(/\bWell\b/);
  await expectGoodPage(person);
  await mesh.restart('broker');
}, 90_000);
