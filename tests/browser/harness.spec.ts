// The tests of pages are worth what these can find: here are pages with faults, which must all be found.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { startChromium } from '../servers/chromium.js';
import { expectGoodPage, expectNothingKept, foundByAxe, widerThanWindow } from './expect-page.js';
import { press, tabTo, typeInto } from './keyboard.js';
import { sitDown, type Person, type Surroundings } from './people.js';

const style = 'body { font: 16px/1.5 sans-serif; margin: 0 } a:focus, button:focus, input:focus { outline: 3px solid }';
const good = `<header>A site</header><main><h1>Letters</h1><form method="post" action="/">
  <p><label>Name <input name="name"></label></p><p><button>Send</button></p></form></main>`;

let browser: Browser;
let server: Server;
let home: string;
let body = good;
let status = 200;
let posted = '';
let person: Person | undefined;

beforeAll(async () => {
  browser = await startChromium();
  server = createServer((request, response) => {
    const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'";
    response.writeHead(status, { 'content-type': 'text/html', 'content-security-policy': policy });
    if (request.method === 'POST') request.on('data', (text: Buffer) => (posted += text.toString()));
    response.end(
      `<!doctype html><html lang="en"><title>Letters</title><link rel="icon" href="data:,">
      <meta name="viewport" content="width=device-width"><style>${style}</style><body>${body}`,
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  home = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterEach(async () => {
  await person?.leave();
  [body, status, posted] = [good, 200, ''];
});
afterAll(async () => {
  await browser.close();
  server.close();
});

async function open(shown: string, surroundings: Surroundings = {}, path = ''): Promise<Person> {
  body = shown;
  person = await sitDown(browser, surroundings);
  await person.page.goto(home + path);
  return person;
}

describe('a good page', () => {
  it('is found good, wide and narrow', async () => {
    for (const width of [1024, 320]) await expectGoodPage(await open(good, { width }));
  });

  it('with an error’s status is no complaint of the browser', async () => {
    status = 404;
    await expectGoodPage(await open(good));
  });

  it('is used without JavaScript, and with the keyboard alone', async () => {
    const { page } = await open(good, { javaScript: false });
    await typeInto(page, page.getByLabel('Name'), 'Amara');
    const sent = page.waitForResponse((response) => response.request().method() === 'POST');
    await press(page, page.getByRole('button', { name: 'Send' }));
    await sent;
    expect(posted).toBe('name=Amara');
  });
});

describe('a fault is found:', () => {
  it.each([
    ['an image without a text', `${good}<img src="data:,">`, 'image-alt'],
    ['a field without a label', good.replace('<label>Name ', '').replace('</label>', ''), 'label'],
    ['a link outside all landmarks', `<p><a href="/">Back</a></p>${good}`, 'region'],
    ['grey on grey', good.replace('<h1>', '<h1 style="color: #aaa; background: #bbb">'), 'color-contrast'],
  ])('%s', async (_what, shown, rule) => {
    const { page } = await open(shown);
    expect((await foundByAxe(page)).join()).toContain(rule);
  });

  it('a page that is wider than its window', async () => {
    const { page } = await open(`${good}<p style="width: 400px">Wide</p>`, { width: 320 });
    expect(await widerThanWindow(page)).toBeGreaterThan(70);
  });

  it('a script that the policy blocks', async () => {
    const one = await open(`${good}<script>console.log(1)</script>`);
    expect(one.complaints().join()).toContain('Content Security Policy');
  });

  it('an error on the console, and a file that is not there', async () => {
    const one = await open(good);
    await one.page.evaluate('console.error("no"); setTimeout(() => { throw new Error("never") })');
    await one.page.waitForTimeout(50);
    expect(one.complaints()).toEqual(expect.arrayContaining(['console: no', 'script: never']));
  });

  it('what the Tab key does not reach, and a focus that does not show', async () => {
    const one = await open(good.replace('<input', '<input tabindex="-1"'));
    await expect(tabTo(one.page, one.page.getByLabel('Name'))).rejects.toThrow('does not reach');
    const other = await open(good.replace('<button', '<button style="outline: none"'));
    await expect(tabTo(other.page, other.page.getByRole('button'))).rejects.toThrow('nothing shows');
  });

  it('a secret in an address, also spelt otherwise', async () => {
    const one = await open(good, {}, '?reference=ABCDEFGH');
    await expect(expectNothingKept(one, ['ABCD-EFGH'])).rejects.toThrow();
    await expectNothingKept(one, ['WXYZ-WXYZ']);
  });
});
