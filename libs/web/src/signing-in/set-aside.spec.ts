// A form that is sent when its session is over: its owner finds it again after signing in, and nobody else does.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as wait } from 'node:timers/promises';
import { visitorOf, type Page, type Visitor } from '../../../../tests/servers/visitor.js';
import { notes } from '../fixtures/notes.controller.js';
import { servePages } from '../fixtures/serve-pages.js';

const secret = 'QQ123456C is who I mean';
const idle = 0.02;
let surface: Awaited<ReturnType<typeof servePages>>;
let browser: Visitor;
let home: Page;

beforeEach(async () => {
  surface = await servePages({ idleMinutes: idle });
  browser = visitorOf(surface.url);
  home = await browser.open('/');
});
afterEach(async () => {
  notes.length = 0;
  await surface.close();
});

const tokenOf = ({ text }: Page) => /name="_csrf" value="([^"]+)"/.exec(text)?.[1] ?? '';
const sessionIsOver = () => wait(idle * 60_000 + 100);
const kept = () => surface.store.knex('set_aside_forms');
/** As `submit` does, but stops before signing in. */
const sendLate = async (fields: Record<string, string> = {}, visitor = browser) => {
  await sessionIsOver();
  const body = new URLSearchParams({ _csrf: tokenOf(home), note: secret, ...fields });
  const cookie = [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const headers = { accept: 'text/html', cookie };
  return fetch(`${surface.url}/`, { method: 'POST', body, headers, redirect: 'manual' });
};
const signIn = async (visitor = browser) => visitor.open('/sign-in?to=%2F');

describe('a form that is sent when its session is over', () => {
  it('is filled in again after signing in, is not sent by itself, and says so once', async () => {
    await sessionIsOver();
    const back = await browser.submit(home, '/', { note: `${secret} "<b>` });
    expect(back.url.href).toBe(`${surface.url}/`);
    expect(back.text).toContain(`value="${secret} &quot;&lt;b&gt;"`);
    expect(back.text).toContain('Not sent yet');
    expect(notes).toEqual([]);
    expect((await browser.open('/')).text).not.toContain(secret);
    expect((await browser.submit(back, '/', { note: secret })).text).toContain('Your note was kept');
  });

  it('is in no address, cookie or log, and cannot be read in the store, also with the app’s secret', async () => {
    const answer = await sendLate();
    expect(answer.status).toBe(303);
    const seen = [answer.headers.get('location'), ...answer.headers.getSetCookie(), ...surface.lines];
    const rows = await kept();
    expect(rows).toHaveLength(1);
    seen.push(JSON.stringify(rows));
    const back = await signIn();
    seen.push(back.url.href, ...browser.cookies.values(), ...surface.lines);
    for (const each of seen) {
      expect(each ?? '').not.toContain('QQ123456C');
      expect(Buffer.from(each ?? '', 'base64url').toString('latin1')).not.toContain('QQ123456C');
    }
    expect(back.text).toContain(secret);
    expect(await kept()).toEqual([]);
  });

  it('is not given to another person who signs in at the same browser, and is gone then for its owner too', async () => {
    await sendLate();
    surface.provider.user = { sub: 'user-2', name: 'Bo', roles: ['caseworker'] };
    expect((await signIn()).text).not.toContain(secret);
    expect(await kept()).toEqual([]);
    surface.provider.user = { sub: 'user-1', name: 'Amara Example', roles: ['caseworker'] };
    expect((await signIn()).text).not.toContain(secret);
  });

  it('is not given to its owner at another browser, nor twice', async () => {
    await sendLate();
    expect((await signIn(visitorOf(surface.url))).text).not.toContain(secret);
    const thief = visitorOf(surface.url);
    for (const [name, value] of browser.cookies) thief.cookies.set(name, value);
    expect((await signIn()).text).toContain(secret);
    expect((await signIn(thief)).text).not.toContain(secret);
  });

  it('is given once to requests that come together', async () => {
    await sendLate();
    const signedIn = await browser.open('/sign-in?to=%2Ffor-auditors');
    expect(signedIn.status).toBe(403);
    const pages = await Promise.all(Array.from({ length: 5 }, () => browser.open('/')));
    expect(pages.filter(({ text }) => text.includes(secret))).toHaveLength(1);
  });

  it('from another site, without the session’s own token, fills in nothing', async () => {
    for (const _csrf of ['', 'AAAAAAAAAAAAAAAAAAAAAA', 'none']) await sendLate({ _csrf });
    expect(await kept()).toEqual([]);
    expect((await signIn()).text).not.toContain(secret);
  });

  it('of somebody who signed out, or who has no session, is not kept', async () => {
    const copy = visitorOf(surface.url);
    for (const [name, value] of browser.cookies) copy.cookies.set(name, value);
    await browser.submit(home, '/sign-out');
    await sendLate({}, copy);
    await sendLate({}, visitorOf(surface.url));
    expect(await kept()).toEqual([]);
  });

  it('takes one row for each session, however often it comes and how much it holds', async () => {
    await sendLate({ note: 'the first try' });
    await sendLate();
    await sendLate({ note: 'x'.repeat(20_000) });
    expect(await kept()).toHaveLength(1);
    expect((await signIn()).text).toContain(secret);
  });

  it('is nothing once its minutes are over, or when somebody has changed its row', async () => {
    await sendLate();
    await surface.store.knex('set_aside_forms').update({ until: Date.now() - 1 });
    expect((await signIn()).text).not.toContain(secret);
    home = await browser.open('/');
    await sendLate();
    const [{ sealed = '' } = {}] = (await kept()) as { sealed: string }[];
    await surface.store.knex('set_aside_forms').update({ sealed: `${sealed.slice(0, -3)}AAA` });
    expect((await signIn()).text).not.toContain(secret);
  });

  it('and a store that is down keep nobody from signing in', async () => {
    await surface.closeStore();
    expect((await sendLate()).status).toBe(303);
    expect((await signIn()).status).toBe(200);
  });

  it('to sign out leads to the page that says so', async () => {
    await sessionIsOver();
    expect((await browser.submit(home, '/sign-out')).url.pathname).toBe('/signed-out');
  });
});
