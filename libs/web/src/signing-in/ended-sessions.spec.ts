// Who signs out is signed out at every copy of the app, for as long as a stolen cookie could be good.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as wait } from 'node:timers/promises';
import { visitorOf, type Visitor } from '../../../../tests/servers/visitor.js';
import { servePages } from '../fixtures/serve-pages.js';
import { eraseSessions } from './session-tables.js';

let surface: Awaited<ReturnType<typeof servePages>>;
beforeEach(async () => {
  surface = await servePages();
});
afterEach(() => surface.close());

/** Whoever took what a browser keeps, at a copy of the app. */
function thiefOf(victim: Visitor, url = surface.url): Visitor {
  const thief = visitorOf(url);
  for (const [name, value] of victim.cookies) thief.cookies.set(name, value);
  return thief;
}
const isIn = async (visitor: Visitor) => (await visitor.open('/', { follow: false })).status === 200;

describe('a session that was ended', () => {
  it('is over at every copy of the app that shares the store, and after a restart', async () => {
    const other = await surface.copy();
    const browser = visitorOf(surface.url);
    const page = await browser.open('/');
    const [here, there] = [thiefOf(browser), thiefOf(browser, other.url)];
    expect([await isIn(here), await isIn(there)]).toEqual([true, true]);
    await browser.submit(page, '/sign-out');
    expect([await isIn(here), await isIn(there)]).toEqual([false, false]);
    expect(await isIn(thiefOf(here, (await surface.copy()).url))).toBe(false);
  });

  it('by signing in again at another copy is over at all', async () => {
    const other = await surface.copy();
    const attacker = visitorOf(surface.url);
    await attacker.open('/');
    const victim = thiefOf(attacker, other.url);
    await victim.open('/sign-in?to=%2F');
    expect(await isIn(attacker)).toBe(false);
  });

  it('is remembered until it would have ended in any case, and its id cannot be read in the store', async () => {
    const browser = visitorOf(surface.url);
    const before = Date.now();
    await browser.submit(await browser.open('/'), '/sign-out');
    const rows = await surface.store.knex<{ id: string; until: number }>('ended_sessions');
    expect(rows).toHaveLength(1);
    const [{ id, until } = { id: '', until: 0 }] = rows;
    expect(id).toMatch(/^[\w-]{43}$/); // a digest: ids are 22 letters
    expect(until).toBeGreaterThanOrEqual(before + 8 * 3_600_000 - 10_000);
    expect(await eraseSessions(surface.store.knex, until - 1)).toBe(0);
    expect(await eraseSessions(surface.store.knex, until)).toBe(1);
  });

  it('is over here also while the store is down, and pages are shown that say so', async () => {
    const browser = visitorOf(surface.url);
    const page = await browser.open('/');
    const [thief, stays] = [thiefOf(browser), visitorOf(surface.url)];
    await stays.open('/');
    await surface.closeStore();
    expect((await browser.submit(page, '/sign-out')).url.pathname).toBe('/signed-out');
    expect(await isIn(thief)).toBe(false);
    expect(await isIn(stays)).toBe(true);
    await wait(0);
    expect(surface.lines.join('')).toContain('session.end-not-kept');
  });
});
