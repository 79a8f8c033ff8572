// A holder's approver in a real browser: decides on records that matched in a set query, one by one, with JavaScript and
// without. And the console of a holder that no agreement names.
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { expectedMatches } from '@anonymesh/examples';
import { approver, placesOf, signInApprover, viewer, type FoundedMesh } from '@anonymesh/founding';
import type { Browser } from 'playwright-core';
import { startSetMesh, type SetMesh } from '../mesh/start-set-mesh.js';
import { until } from '../mesh/until.js';
import { startChromium } from '../servers/chromium.js';
import { expectGoodPage, expectNothingKept } from './expect-page.js';
import { press, tabTo } from './keyboard.js';
import { sitDown, type Person, type Surroundings } from './people.js';
import { signInAt } from './sign-in.js';

const sizes = { healthTrust: 40, police: 50, schools: 0, common: 2 };
const terms = { release: 'on-approval' } as const;
const { people } = expectedMatches(sizes);
let mesh: SetMesh;
let browser: Browser;
const sitting: Person[] = [];

beforeAll(async () => {
  [mesh, browser] = await Promise.all([startSetMesh({ sizes, terms, prepare: withoutAgreements }), startChromium()]);
}, 120_000);
afterAll(async () => {
  for (const person of sitting) await person.leave();
  await browser?.close();
  await mesh?.end();
});

/** The schools' node as it is before the first agreement reaches it: nobody has the one that names it. */
async function withoutAgreements({ dir, parties }: FoundedMesh): Promise<void> {
  for (const { id } of parties) {
    const { agreements } = placesOf(dir, id);
    const named = (await readdir(agreements)).filter((file) => file.includes('at-least-two'));
    for (const file of named) await rm(join(agreements, file));
  }
}

async function at(holder: string, surroundings?: Surroundings, account = approver, path = '/approvals') {
  const person = await sitDown(browser, surroundings);
  sitting.push(person);
  await signInAt(person, mesh, holder, account, path);
  return person;
}

/** Asks, and approves all that the police are asked about; returns the query ID. */
async function askAndApproveAtPolice(): Promise<string> {
  const queryId = await mesh.ask();
  const police = await signInApprover(mesh, 'police');
  type Waiting = { approvals: { id: string }[] };
  const { approvals } = await until('the police are asked', async () => {
    const waiting = (await police.call('GET', '/api/v1/approvals')) as Waiting;
    return waiting.approvals.length > 0 && waiting;
  });
  for (const { id } of approvals) await police.send('POST', `/api/v1/approvals/${id}`, { decision: 'approve' });
  return queryId;
}

async function fromHealthTrust(queryId: string): Promise<number> {
  const { records } = await mesh.records(queryId);
  return records.filter(({ holder }) => holder === 'health-trust').length;
}

it('what the approvers decide at their pages leaves or stays, and nobody outside learns what was refused', async () => {
  const empty = await at('health-trust');
  expect(await empty.page.getByRole('main').innerText()).toContain('Nothing waits for a decision');
  await expectGoodPage(empty);

  const queryId = await askAndApproveAtPolice();
  const person = await at('health-trust', { width: 320 });
  const { page } = person;
  const decide = page.getByRole('link', { name: /^Decide/ });
  await expectGoodPage(person);
  const all = await decide.count();
  expect(all).toBe(people);
  await press(page, decide.first());
  await page.getByRole('radio').first().waitFor();
  await expectGoodPage(person);
  // Refused without a reason: asked for one.
  await tabTo(page, page.getByRole('radio', { name: /^Approve/ }));
  await page.keyboard.press('ArrowDown');
  await press(page, page.getByRole('button', { name: 'Decide' }));
  await page.getByRole('alert').waitFor();
  await expectGoodPage(person);
  await page.getByLabel('Why it is refused').fill('The family has moved away');
  await page.getByRole('button', { name: 'Decide' }).click();
  for (let left = all - 1; left > 0; left -= 1) {
    await decide.first().click();
    await page.getByRole('radio', { name: /^Approve/ }).check();
    await page.getByRole('button', { name: 'Decide' }).click();
  }
  await page.getByText('Nothing waits for a decision').waitFor();
  await expectGoodPage(person);
  await expectNothingKept(person, []);
  expect(await mesh.ended(queryId)).toMatchObject({ outcome: 'released', people });
  expect(await fromHealthTrust(queryId)).toBe(all - 1);
}, 150_000);

it('approvers can decide without JavaScript, and are asked for a reason', async () => {
  const queryId = await askAndApproveAtPolice();
  const person = await at('health-trust', { javaScript: false });
  const { page } = person;
  const decide = page.getByRole('link', { name: /^Decide/ });
  for (let times = 0; times < 40 && (await decide.count()) < people; times += 1) {
    await page.waitForTimeout(250);
    await page.reload();
  }
  expect(await decide.count()).toBe(people);
  await decide.first().click();
  await page.getByRole('radio', { name: /^Refuse/ }).check();
  await page.getByRole('button', { name: 'Decide' }).click();
  await page.getByRole('alert').waitFor();
  expect(await page.getByRole('radio', { name: /^Refuse/ }).isChecked()).toBe(true);
  await page.getByLabel('Why it is refused').fill('The family has moved away');
  await page.getByRole('button', { name: 'Decide' }).click();
  for (let left = people - 1; left > 0; left -= 1) {
    await decide.first().click();
    await page.getByRole('radio', { name: /^Approve/ }).check();
    await page.getByRole('button', { name: 'Decide' }).click();
  }
  await page.getByText('Nothing waits for a decision').waitFor();
  expect(person.complaints()).toEqual([]);
  await expectNothingKept(person, []);
  expect(await mesh.ended(queryId)).toMatchObject({ outcome: 'released', people });
  expect(await fromHealthTrust(queryId)).toBe(people - 1);
}, 150_000);

it('the console of a holder that no agreement names says so, and what to do', async () => {
  const person = await at('schools', {}, viewer, '/agreements');
  const { page } = person;
  for (const width of [320, 1024]) {
    await page.setViewportSize({ width, height: 800 });
    await page.goto(`${mesh.url('schools')}/agreements`);
    await page.getByText('No agreement names this holder').waitFor();
    await expectGoodPage(person);
    await page.goto(mesh.url('schools'));
    await page.getByText('No agreement names this holder.', { exact: true }).last().waitFor();
    await expectGoodPage(person);
  }
}, 60_000);
