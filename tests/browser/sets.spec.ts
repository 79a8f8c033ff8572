// A set query at the requester's pages, in a real browser on a whole mesh: asked, followed, its records sorted, taken along
// as a file, and gone when their time is over.
import { readFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { askedSince, expectedMatches } from '@anonymesh/examples';
import { placesOf, socialWorker } from '@anonymesh/founding';
import type { Browser, Page } from 'playwright-core';
import { startSetMesh, type SetMesh } from '../mesh/start-set-mesh.js';
import { startChromium } from '../servers/chromium.js';
import { expectGoodPage, expectNothingKept } from './expect-page.js';
import { press, tabTo, typeInto } from './keyboard.js';
import { sitDown, type Person, type Surroundings } from './people.js';
import { signInAt } from './sign-in.js';

const office = 'childrens-services';
const sizes = { healthTrust: 4000, police: 5000, schools: 0, common: 30 };
const { people } = expectedMatches(sizes);
const [year = '', month = '', day = ''] = askedSince.split('-');
const since = [
  ['Day', day],
  ['Month', month],
  ['Year', year],
] as const;
let mesh: SetMesh;
let browser: Browser;
const sitting: Person[] = [];

beforeAll(async () => {
  [mesh, browser] = await Promise.all([startSetMesh({ sizes }), startChromium()]);
}, 120_000);
afterEach(async () => {
  for (const person of sitting.splice(0)) await person.leave();
});
afterAll(async () => {
  await browser?.close();
  await mesh?.end();
});

async function at(path: string, surroundings?: Surroundings): Promise<Person> {
  const person = await sitDown(browser, surroundings);
  sitting.push(person);
  await signInAt(person, mesh, office, socialWorker, path);
  return person;
}

const textOf = (page: Page) => page.getByRole('main').innerText();
const ask = (page: Page) => page.getByRole('button', { name: 'Ask', exact: true });
const chosen = (page: Page) => page.getByRole('main').getByRole('link', { name: 'Children at risk', exact: true });
const released = (page: Page) => page.getByRole('heading', { name: 'Released' });
const column = (page: Page, name: string) => page.getByRole('columnheader', { name }).getByRole('link');
/** What stands in a column, from the top. */
async function valuesOf(page: Page, name: string): Promise<string[]> {
  const titles = await page.getByRole('columnheader').allInnerTexts();
  const place = titles.findIndex((title) => title.startsWith(name)) + 1;
  return page.locator(`tbody td:nth-child(${place})`).allInnerTexts();
}
const sorted = (values: readonly string[]) => values.toSorted(new Intl.Collator('en-GB', { numeric: true }).compare);

describe('a social worker', () => {
  it('asks, follows stage by stage, sorts what was released, and takes it along as a file', async () => {
    const person = await at('/new');
    const { page } = person;
    await expectGoodPage(person);
    await chosen(page).click();
    await ask(page).waitFor();
    expect(await textOf(page)).toContain('Children Act 2004');
    await expectGoodPage(person);
    await ask(page).click();
    await page.getByRole('alert').waitFor();
    await expectGoodPage(person);
    await mesh.child('police').stop();
    for (const [label, text] of since) await page.getByLabel(label).fill(text);
    await ask(page).click();
    await page.getByRole('heading', { name: 'Set query under way' }).waitFor();
    const bar = page.getByRole('progressbar');
    expect(await bar.getAttribute('value')).toBe('0');
    await expectGoodPage(person);
    await page.waitForTimeout(2_000); // nobody guesses sooner how long it takes
    await mesh.restart('police');
    // By itself: the stage changes, and for about how long it goes on.
    await page.locator('#left', { hasText: /^About .+ left$/ }).waitFor({ timeout: 60_000 });
    await released(page).waitFor({ timeout: 60_000 });
    expect(await textOf(page)).toContain(`The holders have ${people} people in common`);
    await expectGoodPage(person);

    await page.getByRole('link', { name: 'Matched records' }).click();
    await column(page, 'Surname').waitFor();
    await expectGoodPage(person);
    await page.evaluate('window.stays = true');
    const before = await valuesOf(page, 'Surname');
    await column(page, 'Surname').click();
    await page.getByRole('status').filter({ hasText: 'Sorted by Surname, ascending' }).waitFor({ state: 'attached' });
    expect(await valuesOf(page, 'Surname')).toEqual(sorted(before));
    await column(page, 'Surname').click();
    await page.getByRole('status').filter({ hasText: 'Sorted by Surname, descending' }).waitFor({ state: 'attached' });
    expect(await valuesOf(page, 'Surname')).toEqual(sorted(before).toReversed());
    expect(await page.evaluate('window.stays')).toBe(true);
    await expectGoodPage(person);

    const downloading = page.waitForEvent('download');
    await page.getByRole('link', { name: /CSV/ }).click();
    const file = await readFile(await (await downloading).path(), 'utf8');
    expect(file.trimEnd().split('\r\n')).toHaveLength(before.length + 1);
    await expectNothingKept(person, before.filter((surname) => surname.length > 3).slice(0, 20));
  }, 180_000);

  it('can do it with the keyboard alone, on a narrow screen', async () => {
    const person = await at('/new', { width: 320 });
    const { page } = person;
    await expectGoodPage(person);
    await press(page, chosen(page));
    await ask(page).waitFor();
    await expectGoodPage(person);
    for (const [label, text] of since) await typeInto(page, page.getByLabel(label), text);
    await press(page, ask(page));
    await released(page).waitFor({ timeout: 60_000 });
    await expectGoodPage(person);
    await press(page, page.getByRole('link', { name: 'Matched records' }));
    await tabTo(page, page.getByRole('region', { name: 'Records' }));
    await expectGoodPage(person);
    await press(page, column(page, 'Birth date'));
    await page.getByRole('status').filter({ hasText: 'Sorted by Birth date' }).waitFor({ state: 'attached' });
    // The focus is where it was, to sort the other way.
    await page.keyboard.press('Enter');
    await page.getByRole('status').filter({ hasText: 'descending' }).waitFor({ state: 'attached' });
    await expectGoodPage(person);
    await tabTo(page, page.getByRole('link', { name: /CSV/ }));
  }, 120_000);

  it('can do it without JavaScript, and finds nothing any more when the agreed time is over', async () => {
    const { page } = await at('/new', { javaScript: false });
    await chosen(page).click();
    for (const [label, text] of since) await page.getByLabel(label).fill(text);
    await ask(page).click();
    for (let times = 0; times < 100 && (await released(page).count()) === 0; times += 1) {
      await page.getByRole('button', { name: 'Refresh' }).click();
      await page.waitForTimeout(300);
    }
    const query = page.url();
    await page.getByRole('link', { name: 'Matched records' }).click();
    const before = await valuesOf(page, 'Given name');
    await column(page, 'Given name').click();
    expect(await valuesOf(page, 'Given name')).toEqual(sorted(before));

    await mesh.child(office).stop();
    const store = new DatabaseSync(placesOf(mesh.dir, office).state);
    const over = Date.now() - 1000;
    store.prepare('update queries set kept_until = ?').run(over);
    store.prepare('update match_letters set kept_until = ?').run(over);
    store.close();
    await mesh.restart(office);
    await page.goto(query);
    expect(await textOf(page)).toContain('What is no longer kept');
    await page.goto(`${query}/records`);
    expect(await textOf(page)).toContain('What is no longer kept');
    await page.goto(mesh.url(office));
    expect(await textOf(page)).toContain('everything has been erased as agreed');
    const kept = new DatabaseSync(placesOf(mesh.dir, office).state, { readOnly: true });
    for (const table of ['queries', 'match_letters'])
      expect(kept.prepare(`select count(*) as rows from ${table}`).get()).toEqual({ rows: 0 });
    kept.close();
  }, 150_000);
});
