// A holder whose people approve each query, in a real browser: what they read before they decide, also on a narrow screen
// and with the keyboard alone; nobody is told whom it is about.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { applicant } from '@anonymesh/examples';
import { approver } from '@anonymesh/founding';
import type { Browser } from 'playwright-core';
import { startTestMesh, type TestMesh } from '../mesh/start-test-mesh.js';
import { startChromium } from '../servers/chromium.js';
import { expectGoodPage, expectNothingKept } from './expect-page.js';
import { press, tabTo } from './keyboard.js';
import { sitDown } from './people.js';
import { signInAt } from './sign-in.js';

const { niNumber, surname } = applicant.fields;
let mesh: TestMesh;
let browser: Browser;

beforeAll(async () => {
  const starting = startTestMesh({ approval: { dwp: 'each query' } });
  [mesh, browser] = await Promise.all([starting, startChromium()]);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await mesh?.end();
});

it('a query waits for a person, who reads what for, decides, and it is answered', async () => {
  const { queryId } = await mesh.ask(applicant);
  const person = await sitDown(browser, { width: 320 });
  const { page } = person;
  await signInAt(person, mesh, 'dwp', approver);
  const waiting = page.getByRole('link', { name: 'Decide on approvals' });
  for (let times = 0; times < 40 && (await waiting.count()) === 0; times += 1) {
    await page.waitForTimeout(250);
    await page.reload();
  }
  await expectGoodPage(person);
  await press(page, waiting);
  await page.getByRole('heading', { name: 'Queries that nobody has evaluated yet' }).waitFor();
  await expectGoodPage(person);
  await press(page, page.getByRole('main').getByRole('link', { name: /Right to remain/ }));
  await page.getByRole('radio').first().waitFor();
  const told = await page.getByRole('main').innerText();
  for (const shown of ['Immigration Office', 'To decide an application', 'National Insurance number'])
    expect(told).toContain(shown);
  for (const hidden of [niNumber, surname]) expect(told).not.toContain(hidden);
  await expectGoodPage(person);
  await press(page, page.getByRole('button', { name: 'Decide' }));
  await page.getByRole('alert').waitFor();
  await expectGoodPage(person);
  await tabTo(page, page.getByRole('radio', { name: /^Approve/ }));
  await page.keyboard.press('Space');
  await press(page, page.getByRole('button', { name: 'Decide' }));
  await page.getByText('The query was approved').waitFor();
  await expectGoodPage(person);
  expect(await mesh.ended(queryId)).toMatchObject({ outcome: 'concern', answered: 3 });
  await expectNothingKept(person, [niNumber, surname]);
  await person.leave();
}, 90_000);

it('a person can refuse one without JavaScript, and must say why', async () => {
  const { queryId } = await mesh.ask(applicant);
  const person = await sitDown(browser, { javaScript: false });
  const { page } = person;
  await signInAt(person, mesh, 'dwp', approver, '/approvals');
  const query = page.getByRole('main').getByRole('link', { name: /Right to remain/ });
  for (let times = 0; times < 40 && (await query.count()) === 0; times += 1) {
    await page.waitForTimeout(250);
    await page.reload();
  }
  await query.click();
  await page.getByRole('radio', { name: /^Refuse/ }).check();
  await page.getByRole('button', { name: 'Decide' }).click();
  await page.getByRole('alert').waitFor();
  await page.getByRole('radio', { name: /^Refuse/ }).check();
  await page.getByLabel('Why it is refused').fill('Asked twice');
  await page.getByRole('button', { name: 'Decide' }).click();
  await page.getByText('The query was refused').waitFor();
  expect(await mesh.ended(queryId)).toMatchObject({ outcome: 'refer', code: 'holder-refused' });
  await person.leave();
}, 90_000);
