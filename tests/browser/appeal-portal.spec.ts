// The subject's pages, clicked through in a real browser on a whole mesh: with the mouse, with the keyboard alone on a
// narrow screen, and without JavaScript.
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { applicant, recordFiles, samples, type Sample } from '@anonymesh/examples';
import { placesOf, subjectAccount, visitor, type Asked } from '@anonymesh/founding';
import { mintReference } from '@anonymesh/protocol-asking';
import type { Browser, Page } from 'playwright-core';
import { startTestMesh, type TestMesh } from '../mesh/start-test-mesh.js';
import { startChromium } from '../servers/chromium.js';
import { expectGoodPage, expectNothingKept } from './expect-page.js';
import { press, typeInto } from './keyboard.js';
import { sitDown, type Person, type Surroundings } from './people.js';
import { signInAt } from './sign-in.js';

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

async function askAbout(person: Sample): Promise<Asked> {
  const asked = await mesh.ask(person);
  await mesh.ended(asked.queryId);
  return asked;
}

/** At the form, signed in as this account. */
async function atForm(account: string, surroundings?: Surroundings): Promise<Person> {
  const person = await sitDown(browser, surroundings);
  people.push(person);
  await signInAt(person, mesh, 'appeal-portal', account, '/reference');
  return person;
}

const accountOf = ({ fields }: Sample) => subjectAccount(fields.niNumber);
const find = (page: Page) => page.getByRole('button', { name: 'Find out why' });
const textOf = (page: Page) => page.getByRole('main').innerText();

async function enter(page: Page, reference: string): Promise<void> {
  await page.getByLabel('Reference').fill(reference);
  await find(page).click();
}

async function lookUntil(page: Page, text: string): Promise<void> {
  const deadline = Date.now() + 40_000;
  while (!(await textOf(page)).includes(text)) {
    if (Date.now() > deadline) throw new Error(`the page does not come to say: ${text}`);
    await page.waitForTimeout(300);
    await page.getByRole('button', { name: 'Look again' }).click();
  }
}

describe('the person whom a check was about', () => {
  it('signs in, finds out why, puts it right, asks for a re-check, and sees its outcome', async () => {
    const { reference, queryId } = await askAbout(applicant);
    const person = await sitDown(browser);
    people.push(person);
    const { page } = person;
    await page.goto(mesh.url('appeal-portal'));
    await expectGoodPage(person);
    await page.getByRole('button', { name: 'Start now' }).click();
    await page.getByLabel('User name').fill(accountOf(applicant));
    await page.getByLabel('Password').fill(mesh.login.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByLabel('Reference').waitFor();
    await expectGoodPage(person);

    await enter(page, mintReference());
    expect(await page.getByRole('alert').innerText()).toContain('We found nothing to explain under this reference');
    await expectGoodPage(person);

    await enter(page, reference.toLowerCase().replaceAll('-', ' '));
    const told = await textOf(page);
    for (const shown of ['Immigration Office', 'Right to remain, version 1', 'CONCERN', 'HM Revenue and Customs'])
      expect(told.toLowerCase()).toContain(shown.toLowerCase());
    expect(told).toContain('To put it right, contact:');
    expect(await page.getByRole('heading', { level: 3 }).allInnerTexts()).toEqual(['HM Revenue and Customs']);
    await page.getByText('What each organisation was given about you').click();
    expect(await textOf(page)).toContain('Department for Work and Pensions');
    await expectGoodPage(person);

    recordWork(applicant.fields.niNumber);
    await page.getByRole('button', { name: 'Ask for a re-check' }).click();
    await page.getByRole('status').waitFor();
    await expectGoodPage(person);
    await lookUntil(page, 'No organisation had a concern.');
    expect(await textOf(page)).toMatch(/Asked again on [^\n]+: clear, as shown above/);
    await expectGoodPage(person);
    await expectNothingKept(person, [reference, queryId, applicant.fields.niNumber, applicant.fields.surname]);

    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL(`${mesh.url('appeal-portal')}/signed-out`);
    await page.goto(`${mesh.url('appeal-portal')}/reference`);
    expect(page.url().startsWith(mesh.login.issuer)).toBe(true);
  }, 120_000);

  it('can do all of it with the keyboard alone, on a narrow screen', async () => {
    const about = samples[2] ?? applicant;
    const { reference } = await askAbout(about);
    const person = await sitDown(browser, { width: 320 });
    people.push(person);
    const { page } = person;
    await page.goto(mesh.url('appeal-portal'));
    await expectGoodPage(person);
    await press(page, page.getByRole('button', { name: 'Start now' }));
    await page.getByLabel('User name').waitFor();
    await typeInto(page, page.getByLabel('User name'), accountOf(about));
    await typeInto(page, page.getByLabel('Password'), mesh.login.password);
    await page.keyboard.press('Enter');
    await page.getByLabel('Reference').waitFor();
    await expectGoodPage(person);
    await typeInto(page, page.getByLabel('Reference'), reference);
    await press(page, find(page));
    await page.getByRole('heading', { name: 'Who had a concern' }).waitFor();
    await press(page, page.locator('summary'));
    await expectGoodPage(person);
    await press(page, page.getByRole('button', { name: 'Ask for a re-check' }));
    await page.getByRole('status').waitFor();
    await expectGoodPage(person);
    await press(page, page.getByRole('button', { name: 'Look again' }));
    await page.getByRole('heading', { name: 'Who had a concern' }).waitFor();
  }, 90_000);

  it('can do all of it without JavaScript', async () => {
    const about = samples[3] ?? applicant;
    const { reference } = await askAbout(about);
    const person = await atForm(accountOf(about), { javaScript: false });
    const { page } = person;
    await enter(page, reference);
    expect(await textOf(page)).toContain('Northmere City Council');
    await page.getByText('What each organisation was given about you').click();
    await page.getByRole('button', { name: 'Ask for a re-check' }).click();
    await page.getByRole('status').waitFor();
    await lookUntil(page, 'Asked again on');
    await lookUntil(page, ': concern, as shown above');
    expect(person.complaints()).toEqual([]);
  }, 90_000);
});

describe('somebody else', () => {
  it('finds nothing under the person’s reference, and after a few guesses is told to wait', async () => {
    const { reference } = await askAbout(applicant);
    const other = samples[1] ?? applicant;
    const person = await atForm(accountOf(other));
    const { page } = person;
    await enter(page, reference);
    const turned = (await textOf(page)).replaceAll(reference, '…');
    const guessed = mintReference();
    await enter(page, guessed);
    expect((await textOf(page)).replaceAll(guessed, '…')).toBe(turned);
    for (let tries = 0; tries < 4; tries += 1) await enter(page, mintReference());
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Too many tries');
    await expectGoodPage(person);
    await expectNothingKept(person, [reference]);
  }, 60_000);

  it('without a verified identity is told what to do', async () => {
    const person = await atForm(visitor);
    expect(await textOf(person.page)).toContain('has not proven who you are');
    await expectGoodPage(person);
  }, 60_000);
});

it('while the mesh is down the form keeps what was typed, and works again afterwards', async () => {
  const about = samples[4] ?? applicant;
  const { reference } = await askAbout(about);
  const person = await atForm(accountOf(about), { width: 320 });
  const { page } = person;
  await mesh.child('coordinator').kill();
  await enter(page, reference);
  await page.getByText('We cannot reach the organisations’ network').waitFor();
  expect(await page.getByLabel('Reference').inputValue()).toBe(reference);
  await expectGoodPage(person);
  await mesh.restart('coordinator');
  await find(page).click();
  await page.getByRole('heading', { name: 'Who had a concern' }).waitFor();
}, 90_000);

/** HMRC puts its own record right, in its own database. */
function recordWork(niNumber: string): void {
  const records = new DatabaseSync(join(placesOf(mesh.dir, 'hmrc').data, recordFiles.hmrc));
  records
    .prepare("insert into spell (ni_number, kind, began, ended) values (?, 'self-employment', '2017-01-01', null)")
    .run(niNumber);
  records.close();
}
