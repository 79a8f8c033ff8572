import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { brotliDecompressSync } from 'node:zlib';
import { get } from 'node:http';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { visitorOf, type Page, type Visitor } from '../../../../tests/servers/visitor.js';
import { notes } from '../fixtures/notes.controller.js';
import { servePages } from '../fixtures/serve-pages.js';

let surface: Awaited<ReturnType<typeof servePages>>;
let browser: Visitor;
let home: Page;

beforeEach(async () => {
  surface = await servePages();
  browser = visitorOf(surface.url);
  home = await browser.open('/');
});
afterEach(async () => {
  notes.length = 0;
  await surface.close();
});

describe('a form', () => {
  it('is taken with the token of its session, and what it did is said once', async () => {
    const page = await browser.submit(home, '/', { note: 'Bring milk' });
    expect(page.text).toContain('Your note was kept');
    expect(page.text).toContain('<li>Bring milk</li>');
    expect((await browser.open('/')).text).not.toContain('Your note was kept');
  });

  it.each([
    ['without a token', {}],
    ['with a made-up token', { _csrf: 'AAAAAAAAAAAAAAAAAAAAAA' }],
    ['with an empty token', { _csrf: '' }],
  ])('%s is not taken', async (_what, token) => {
    const page = await browser.post('/', { note: 'Forged note', ...token });
    expect(page.status).toBe(403);
    expect(page.text).toContain('This form has expired');
    expect(notes).toEqual([]);
  });

  it('with the token of another session is not taken', async () => {
    const other = visitorOf(surface.url);
    const page = await other.open('/');
    const token = /name="_csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
    expect((await browser.post('/', { note: 'Forged note', _csrf: token })).status).toBe(403);
    expect(notes).toEqual([]);
  });

  it('cannot sign anybody out without the token', async () => {
    expect((await browser.post('/sign-out', {})).status).toBe(403);
    expect((await browser.open('/', { follow: false })).status).toBe(200);
  });

  it('that is turned down says why at the field, in a summary and in the title, and keeps what was typed', async () => {
    const page = await browser.submit(home, '/', { note: '"><b' });
    expect(page.status).toBe(422);
    expect(page.text).toContain('<title>Error: Notes – Notes</title>');
    expect(page.text).toContain('<a href="#note">Write five letters or more</a>');
    expect(page.text).toContain('id="note-error"');
    expect(page.text).toContain('value="&quot;&gt;&lt;b"');
  });

  it('of whoever is not signed in leads to sign-in, and nothing is taken', async () => {
    const page = await visitorOf(surface.url).post('/', { note: 'Hello there' });
    expect(page.url.href).toBe(`${surface.url}/`);
    expect(notes).toEqual([]);
  });
});

describe('what somebody typed', () => {
  it.each([
    '<script>alert(1)</script>',
    '{{ 7 * 7 }} {% include "error.njk" %}',
    '<img src=x onerror=alert(1)>',
    "{{ range.constructor('return process.env')() }}",
  ])('is text in every page, stored or not: %s', async (typed) => {
    const page = await browser.submit(home, '/', { note: typed });
    const escaped = typed.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
    expect(page.text).toContain(`<li>${escaped.replaceAll('"', '&quot;').replaceAll("'", '&#39;')}</li>`);
    expect(page.text).not.toContain(typed.replaceAll(/[{}]/g, '').slice(0, 5) === '<scri' ? typed : '<img');
  });

  it.each(['__proto__', 'constructor', 'note[]', 'title', 'user'])(
    'as the name of a field does nothing: %s',
    async (name) => {
      const page = await browser.submit(home, '/', { [name]: 'Bring milk', note: 'four' });
      expect([400, 422]).toContain(page.status);
      expect(page.text).not.toContain('Bring milk');
    },
  );
});

describe('every page', () => {
  it('is kept by nobody, framed by nobody, and runs no script but our files', async () => {
    const { headers, text } = home;
    expect(headers.get('cache-control')).toBe('no-store');
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|\*|data:/);
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(text).not.toMatch(/<script(?![^>]*\ssrc=)|\sstyle="|\son[a-z]+="/);
  });

  it('shows in its navigation what the visitor may use', async () => {
    expect(home.text).not.toContain('href="/for-auditors"');
    expect((await browser.open('/for-auditors')).status).toBe(403);
    surface.provider.user = { sub: 'user-2', name: 'Ada', roles: ['auditor'] };
    const auditor = visitorOf(surface.url);
    expect((await auditor.open('/')).text).toContain('href="/for-auditors"');
    expect((await auditor.open('/for-auditors')).status).toBe(200);
  });
});

describe('what does not work', () => {
  it.each([
    ['/nothing-here', 404, 'Page not found'],
    ['/for-auditors', 403, 'You cannot use this page'],
    ['/down', 503, 'The mesh does not answer'],
    ['/fault', 500, 'Sorry, something has gone wrong'],
    ['/assets/nothing.js', 404, 'Page not found'],
  ])('is a page that says what to do: %s', async (path, status, title) => {
    const page = await browser.open(path);
    expect(page.status).toBe(status);
    expect(page.text).toContain(`<h1 class="govuk-heading-l">${title}</h1>`);
    expect(page.text + surface.lines.join('')).not.toContain('QQ123456C');
  });

  it('is a problem document for a program', async () => {
    const answer = await fetch(`${surface.url}/`, { headers: { accept: 'text/event-stream' } });
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([401, 'missing-token']);
  });
});

describe('assets', () => {
  const named = () => [...home.text.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, path]) => path ?? '');

  it('have hashed names and are kept for a year, by whoever', async () => {
    expect(named().length).toBeGreaterThan(3);
    for (const path of named()) {
      expect(path).toMatch(/-[0-9a-f]{16}\.(css|js|svg)$/);
      const answer = await fetch(`${surface.url}${path}`);
      expect([answer.status, answer.headers.get('cache-control')]).toEqual([
        200,
        'public, max-age=31536000, immutable',
      ]);
      expect(answer.headers.getSetCookie()).toEqual([]);
    }
  });

  it('make a first page of less than 100 KB over the wire, without fonts', async () => {
    const script = named().find((path) => path.includes('/page-')) ?? '';
    const imported = /'(\/assets\/govuk[^']+)'/.exec(await (await fetch(`${surface.url}${script}`)).text())?.[1] ?? '';
    let bytes = Buffer.byteLength(home.text);
    for (const path of [...named(), imported]) {
      const { body, encoding } = await raw(`${surface.url}${path}`);
      expect(encoding).toBe('br');
      expect(brotliDecompressSync(body).length).toBeGreaterThan(0);
      bytes += body.length;
    }
    expect(bytes).toBeLessThan(100_000);
  });

  it('have neither the crown nor the typeface that are reserved for government', async () => {
    const styles = await Promise.all(
      named()
        .filter((path) => path.endsWith('.css'))
        .map(async (path) => (await fetch(`${surface.url}${path}`)).text()),
    );
    expect(styles.join('')).toContain('Atkinson Hyperlegible');
    expect(styles.join('') + home.text).not.toMatch(/GDS Transport|govuk-crest\.svg|govuk-crown|GOV\.UK/);
    const fonts = [...styles.join('').matchAll(/url\((\/assets\/[^)]+)\)/g)].map(([, path]) => path ?? '');
    expect(fonts).toHaveLength(4);
    for (const path of fonts)
      expect((await fetch(`${surface.url}${path}`)).headers.get('content-type')).toBe('font/woff2');
  });
});

/** As it comes over the wire. */
async function raw(address: string): Promise<{ readonly body: Buffer; readonly encoding: string | undefined }> {
  const [answer] = (await once(get(address, { headers: { 'accept-encoding': 'gzip, br' } }), 'response')) as [
    IncomingMessage,
  ];
  return { body: Buffer.concat(await answer.toArray()), encoding: answer.headers['content-encoding'] };
}
