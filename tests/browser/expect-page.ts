// What every page has to be, whatever it says: usable by everybody, on a telephone, and with nothing of a person in its
// address, its title or what the browser keeps.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { expect } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { Person } from './people.js';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const standards = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
/** Not in the standard, and as good: whoever jumps from landmark to landmark misses nothing. */
const beyond = { region: { enabled: true } };

interface Violation {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly html: string }[];
}

/** What keeps people with disabilities from using the page as it is now; needs JavaScript. */
export async function foundByAxe(page: Page): Promise<string[]> {
  // As the browser's own tools would, past the page's policy, which lets no script in.
  await page.evaluate(axe);
  const violations = await page.evaluate(
    async ({ tags, rules }) => {
      const { axe: loaded, document } = globalThis as unknown as {
        document: unknown;
        axe: { run(context: unknown, options: object): Promise<{ violations: Violation[] }> };
      };
      const found = await loaded.run(document, { runOnly: { type: 'tag', values: tags }, rules });
      return found.violations.map(({ id, help, nodes }) => ({ id, help, nodes: nodes.map(({ html }) => ({ html })) }));
    },
    { tags: standards, rules: beyond },
  );
  return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join(' ')}`);
}

/** Pixels by which the page is wider than its window. */
export function widerThanWindow(page: Page): Promise<number> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = (
      globalThis as unknown as { document: { documentElement: { scrollWidth: number; clientWidth: number } } }
    ).document.documentElement;
    return scrollWidth - clientWidth;
  });
}

/** No fault of axe, nothing cut off, no complaint of the browser, a title and one heading. */
export async function expectGoodPage(person: Person): Promise<void> {
  const { page } = person;
  const headings = page.getByRole('heading', { level: 1 });
  await headings.first().waitFor();
  expect(await headings.count()).toBe(1);
  // The heading may say more than a title should.
  expect((await page.title()).trim()).not.toBe('');
  expect(await foundByAxe(page)).toEqual([]);
  expect(await widerThanWindow(page)).toBeLessThanOrEqual(0);
  expect(person.complaints()).toEqual([]);
}

/** `secrets`: what must be in no address, no title and nothing that the browser keeps. */
export async function expectNothingKept(person: Person, secrets: readonly string[]): Promise<void> {
  const { page, context } = person;
  const { origins } = await context.storageState({ indexedDB: true });
  const cookies = await context.cookies();
  const seen = JSON.stringify([person.addresses(), await page.title(), page.url(), origins, cookies]);
  const spelt = secrets.flatMap((secret) => [
    secret,
    secret.replaceAll('-', ''),
    encodeURIComponent(secret),
    Buffer.from(secret).toString('base64url').replace(/=+$/, ''),
    Buffer.from(secret).toString('hex'),
  ]);
  for (const secret of spelt) expect(seen.toLowerCase()).not.toContain(secret.toLowerCase());
  expect(origins).toEqual([]);
  for (const cookie of cookies) expect(cookie).toMatchObject({ httpOnly: true });
}
