// A holder's approver in a real browser: decides on records that matched in a set query, one by one.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { expectedMatches } from '@anonymesh/examples';
import { approver, signInApprover } from '@anonymesh/founding';
import type { Browser } from 'playwright-core';
import { startSetMesh, type SetMesh } from '../mesh/start-set-mesh.js';
import { until } from '../mesh/until.js';
import { startChromium } from '../servers/chromium.js';
import { expectGoodPage, expectNothingKept } from './expect-page.js';
import { press, tabTo } from './keyboard.js';
import { sitDown, type Person } from './people.js';
import { signInAt } from './sign-in.js';

const sizes = { healthTrust: 40, police: 50, schools: 0, common: 2 };
const { people } = expectedMatches(sizes);
let mesh: SetMesh;
let browser: Browser;
const sitting: Person[] = [];

beforeAll(async () => {
  [mesh, browser] = await Promise.all([startSetMesh({ sizes, terms: { release: 'on-approval' } }), startChromium()]);
}, 120_000);
afterAll(async () => {
  for (const person of sitting) await person.leave();
  await browser?.close();
  await mesh?.end();
});

async function at(holder: string, width: number): Promise<Person> {
  const person = await sitDown(browser, { width });
  sitting.push(person);
  await signInAt(person, mesh, holder, approver, '/approvals');
  return person;
}

it('what the approvers decide at their pages leaves or stays, and nobody outside learns what was refused', async () => {
  const empty = await at('health-trust', 1024);
  expect(await empty.page.getByRole('main').innerText()).toContain('Nothing waits for a decision');
  await expectGoodPage(empty);

  const queryId = await mesh.ask();
  const police = await signInApprover(mesh, 'police');
  type Waiting = { approvals: { id: string }[] };
  const { approvals } = await until('the police are asked', async () => {
    const waiting = (await police.call('GET', '/api/v1/approvals')) as Waiting;
    return waiting.approvals.length > 0 && waiting;
  });
  for (const { id } of approvals) await police.send('POST', `/api/v1/approvals/${id}`, { decision: 'approve' });

  const person = await at('health-trust', 320);
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
  const { records } = await mesh.records(queryId);
  expect(records.filter(({ holder }) => holder === 'health-trust')).toHaveLength(all - 1);
}, 150_000);
