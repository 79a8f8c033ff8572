import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as wait } from 'node:timers/promises';
import { visitorOf } from '../../../../tests/servers/visitor.js';
import { servePages } from '../fixtures/serve-pages.js';

let surface: Awaited<ReturnType<typeof servePages>>;

beforeEach(async () => {
  surface = await servePages();
});
afterEach(() => surface.close());

const visitor = () => visitorOf(surface.url);
const sessionOf = ({ cookies }: ReturnType<typeof visitor>) =>
  [...cookies].find(([name]) => name.startsWith('session-'));

describe('whoever is not signed in', () => {
  it('is sent to the identity provider, and comes back to where they were going', async () => {
    const page = await visitor().open('/?page=2');
    expect([page.status, page.url.href]).toEqual([200, `${surface.url}/?page=2`]);
    expect(page.text).toContain('Signed in as Amara Example');
  });

  it('asks the provider with a code challenge, a state and a nonce that are new each time', async () => {
    const asked = [
      await visitor().open('/sign-in', { follow: false }),
      await visitor().open('/sign-in', { follow: false }),
    ];
    const parameters = asked.map(({ headers }) => new URL(headers.get('location') ?? '').searchParams);
    for (const name of ['state', 'nonce', 'code_challenge'])
      expect(new Set(parameters.map((each) => each.get(name))).size).toBe(2);
    expect(parameters[0]?.get('code_challenge_method')).toBe('S256');
  });

  it('does not get in when the provider says that they cancelled', async () => {
    surface.provider.user = undefined;
    const page = await visitor().open('/');
    expect(page.status).toBe(400);
    expect(page.text).toContain('You are not signed in');
  });

  it('reads that signing in does not work while the provider is down, and gets in when it is back', async () => {
    surface.provider.down = true;
    const browser = visitor();
    expect((await browser.open('/')).text).toContain('You cannot sign in at the moment');
    surface.provider.down = false;
    expect((await browser.open('/')).status).toBe(200);
  });
});

describe('an ID token', () => {
  it.each([
    ['with another nonce', { nonce: 'other' }],
    ['for another app', { aud: 'other' }],
    ['of another issuer', { iss: 'https://other.example' }],
    ['that has expired', { exp: 1 }],
    ['of nobody', { sub: '' }],
    ['with roles that are no list', { roles: 'caseworker' as never }],
  ])('%s signs nobody in', async (_what, lies) => {
    surface.provider.lies = lies;
    const browser = visitor();
    expect((await browser.open('/')).status).toBe(400);
    expect(sessionOf(browser)).toBeUndefined();
  });

  it('signed by somebody else signs nobody in', async () => {
    surface.provider.forges = true;
    const browser = visitor();
    expect((await browser.open('/')).status).toBe(400);
    expect(sessionOf(browser)).toBeUndefined();
  });
});

describe('an app that goes by another claim than sub', () => {
  it('lets in whoever has it, and nobody without', async () => {
    const other = await servePages({ person: 'oid' });
    try {
      for (const [oid, status] of [['person-1', 200] as const, [undefined, 400] as const, ['', 400] as const]) {
        other.provider.user = { sub: 'user-1', oid };
        expect([oid, (await visitorOf(other.url).open('/')).status]).toEqual([oid, status]);
      }
    } finally {
      await other.close();
    }
  });

  it('takes nobody to be signed in who was before it did', async () => {
    const other = await surface.copy('oid');
    const browser = visitor();
    await browser.open('/');
    const there = visitorOf(other.url);
    for (const [name, value] of browser.cookies) there.cookies.set(name, value);
    expect((await there.open('/', { follow: false })).status).toBe(303);
    expect((await browser.open('/', { follow: false })).status).toBe(200);
  });
});

describe('coming back from the provider', () => {
  const backWith = async (browser: ReturnType<typeof visitor>) => {
    const begun = await browser.open('/sign-in', { follow: false });
    const answered = await browser.open(begun.headers.get('location') ?? '', { follow: false });
    return answered.headers.get('location') ?? '';
  };

  it('works for the browser that left, and for no other: somebody else’s code is worth nothing', async () => {
    const [victim, attacker] = [visitor(), visitor()];
    await victim.open('/sign-in', { follow: false });
    expect((await victim.open(await backWith(attacker))).status).toBe(400);
    expect((await visitor().open(await backWith(attacker))).status).toBe(400);
    expect(sessionOf(victim)).toBeUndefined();
  });

  it('works once', async () => {
    const browser = visitor();
    const back = await backWith(browser);
    const before = new Map(browser.cookies);
    expect((await browser.open(back)).status).toBe(200);
    const thief = visitor();
    for (const [name, value] of before) thief.cookies.set(name, value);
    expect((await thief.open(back)).status).toBe(400);
  });

  it.each([
    'https://evil.example/',
    '//evil.example/',
    '/\\evil.example/',
    '/\t/evil.example',
    '/..//evil.example/',
    'javascript:alert(1)',
    '/%0d%0aset-cookie:a=b',
  ])('leads to no other site, also by %j', async (to) => {
    const browser = visitor();
    const page = await browser.open(`/sign-in?${new URLSearchParams({ to }).toString()}`);
    expect(page.url.origin).toBe(surface.url);
    expect(page.headers.get('set-cookie') ?? '').not.toContain('a=b');
  });
});

describe('a session', () => {
  it('is new at every sign-in, and the one that the browser had before is over: none can be planted', async () => {
    const attacker = visitor();
    await attacker.open('/');
    const victim = visitor();
    for (const [name, value] of attacker.cookies) victim.cookies.set(name, value);
    const planted = sessionOf(victim);
    await victim.open('/sign-in');
    expect(sessionOf(victim)?.[1]).not.toBe(planted?.[1]);
    const page = await attacker.open('/', { follow: false });
    expect([page.status, page.headers.get('location')]).toEqual([303, '/sign-in?to=%2F']);
  });

  it('is over after sign-out, also for whoever took a copy of its cookie', async () => {
    const browser = visitor();
    const page = await browser.open('/');
    const copy = visitor();
    for (const [name, value] of browser.cookies) copy.cookies.set(name, value);
    expect((await copy.open('/', { follow: false })).status).toBe(200);
    const out = await browser.submit(page, '/sign-out');
    expect([out.url.pathname, out.status]).toEqual(['/signed-out', 200]);
    expect(sessionOf(browser)).toBeUndefined();
    expect((await copy.open('/', { follow: false })).status).toBe(303);
  });

  it('ends here where the provider has no page for signing out', async () => {
    surface.provider.signsOut = false;
    const browser = visitor();
    expect((await browser.submit(await browser.open('/'), '/sign-out')).text).toContain('You have signed out');
  });

  it('is a cookie that scripts cannot read, and that cannot be read or changed', async () => {
    const browser = visitor();
    const page = await browser.open('/sign-in', { follow: false });
    expect(page.headers.get('set-cookie')).toMatch(/; Path=\/; HttpOnly; SameSite=Lax$/i);
    await browser.open('/');
    const [name, value = ''] = sessionOf(browser) ?? ['none'];
    expect(Buffer.from(value, 'base64url').toString('latin1') + value).not.toMatch(/user-1|Amara/);
    for (const forged of [value.slice(0, -2), `${value}A`, value.replace('.', '..'), 'x', '']) {
      browser.cookies.set(name, forged);
      expect((await browser.open('/', { follow: false })).status).toBe(303);
    }
    // Sealed for another purpose: the cookie of somebody who is about to sign in.
    const leaving = visitor();
    await leaving.open('/sign-in', { follow: false });
    browser.cookies.set(name, [...leaving.cookies.values()][0] ?? '');
    expect((await browser.open('/', { follow: false })).status).toBe(303);
  });
});

describe('limits of a session', () => {
  it('end it after a time without a visit, and in any case at its longest', async () => {
    const short = await servePages({ idleMinutes: 0.02, longestMinutes: 0.04 });
    try {
      const browser = visitorOf(short.url);
      await browser.open('/');
      expect((await browser.open('/', { follow: false })).status).toBe(200);
      await wait(1_300);
      expect((await browser.open('/', { follow: false })).status).toBe(303);
    } finally {
      await short.close();
    }
  });
});

describe('the log', () => {
  it('says that somebody could not sign in, and nothing that they or the provider sent', async () => {
    surface.provider.lies = { nonce: 'QQ123456C' };
    await visitor().open('/');
    expect(surface.lines.join('')).toContain('sign-in.failed');
    expect(surface.lines.join('')).not.toContain('QQ123456C');
  });
});
