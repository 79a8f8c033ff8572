import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sectionsFor } from '@anonymesh/trust';
import { until } from '../../../../tests/mesh/until.js';
import { visitorOf } from '../../../../tests/servers/visitor.js';
import { csrfOf, expectInert, script, startStaffedTown, type StaffedTown } from '../fixtures/staffed-town.js';
import { SourceFault } from '../sources/source-fault.js';

let staffed: StaffedTown;
beforeAll(async () => {
  staffed = await startStaffedTown();
}, 90_000);
afterAll(() => staffed.stop());

const pagesOf: readonly [path: string, roles: readonly string[]][] = [
  ['/', ['viewer', 'approver', 'administrator']],
  ['/agreements', ['viewer', 'approver', 'administrator']],
  ['/try', ['administrator']],
  ['/disclosures', ['viewer', 'approver', 'administrator']],
  ['/disclosures.csv', ['administrator']],
  ['/approvals', ['approver']],
];

describe('the console', () => {
  it.each(pagesOf)('shows %s to who has a role for it, and sends others to sign in or away', async (path, allowed) => {
    const stranger = visitorOf(staffed.node('police').url);
    const sent = await stranger.open(path, { follow: false });
    expect([sent.status, sent.headers.get('location')?.startsWith('/sign-in?')]).toEqual([303, true]);
    for (const role of ['viewer', 'approver', 'administrator', 'caseworker']) {
      const { status, headers } = await (await staffed.signedIn(role)).open(path);
      expect([role, status]).toEqual([role, allowed.includes(role) ? 200 : 403]);
      expect(headers.get('cache-control')).toBe('no-store');
    }
  });

  it('takes no form that was not made for the session, and changes nothing', async () => {
    const visitor = await staffed.signedIn(['approver', 'administrator']);
    const other = await staffed.signedIn(['approver', 'administrator']);
    const foreign = csrfOf(await other.open('/disclosures'));
    expect(foreign.length).toBeGreaterThan(10);
    for (const path of ['/disclosures', `/try/${staffed.agreement.hash}`, '/approvals/AAAA'])
      for (const _csrf of ['', 'x', foreign]) expect((await visitor.post(path, { _csrf })).status).toBe(403);
  });

  it('has every file to which its pages refer', async () => {
    const visitor = await staffed.signedIn('viewer');
    const found = (text: string) => [
      ...text.matchAll(/(?:href|src)="(\/assets\/[^"]+)"|url\((\/assets\/[^)]+)\)|'(\/assets\/[^']+)'/g),
    ];
    const queue = found((await visitor.open('/')).text).map(([, one, two, three]) => one ?? two ?? three ?? '');
    const seen = new Set<string>();
    for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
      if (seen.has(path)) continue;
      seen.add(path);
      const file = await visitor.open(path);
      expect([path, file.status]).toEqual([path, 200]);
      if (/\.(css|js)$/.test(path))
        queue.push(...found(file.text).map(([, one, two, three]) => one ?? two ?? three ?? ''));
    }
    expect([...seen].some((path) => path.includes('console'))).toBe(true);
  });

  it('has no pages, but its API, where it is not told to whom people sign in', async () => {
    const page = await visitorOf(staffed.node('health-trust').url).open('/', { follow: false });
    expect([page.status, page.headers.get('location')]).toEqual([404, null]);
  });
});

describe('the overview', () => {
  it('says what is not well and what to do, and is shown with a picture and its table', async () => {
    const { lqi } = staffed.node('police');
    await lqi.node.courier.store.knex('disclosures').insert(staffed.row({}));
    const visitor = await staffed.signedIn('viewer');
    const page = await until('it has looked anew', async () => {
      const found = await visitor.open('/');
      return found.text.includes('1 query was answered') && found;
    });
    expect(page.text).toContain('Database with the records');
    expect(page.text).toMatch(/One thing does not work/);
    expect(page.text).toContain('<svg class="console-chart"');
    expect(page.text).toContain('Queries each day, as a table');
    expectInert(page);
  });

  it('is useful when nothing was ever asked', async () => {
    await staffed.node('schools').lqi.node.courier.store.knex('disclosures').delete();
    const page = await (await staffed.signedIn('viewer', 'schools')).open('/');
    expect(page.text).toContain('No query was answered in the last 14 days');
    expect(page.text).toContain('Nothing waits for a person');
  });
});

describe('agreements', () => {
  it('are told in words, with the code that is run, and nothing in them is code of the page', async () => {
    const visitor = await staffed.signedIn('viewer');
    const list = await visitor.open('/agreements');
    expect(list.text).toContain(`href="/agreements/${staffed.agreement.hash}"`);
    const page = await visitor.open(`/agreements/${staffed.agreement.hash}`);
    expect(page.text).toContain('select * from child');
    expect(page.text).toContain('that a person there approves. No other record leaves.');
    // As `mesh agreement show` says it, word for word.
    for (const { text } of sectionsFor(staffed.agreement.content, 'police').flatMap(({ sentences }) => sentences))
      if (!text.includes(script)) expect(page.text).toContain(text);
    expect(page.text).toContain('{{ 191 * 193 }} &lt;script&gt;');
    expectInert(page);
    expect((await visitor.open('/agreements/none')).status).toBe(404);
  });

  it('that name nobody here are none', async () => {
    expect((await (await staffed.signedIn('viewer', 'schools')).open('/agreements')).text).toContain(
      'No agreement names this holder',
    );
  });
});

describe('trying a template', () => {
  it('shows what it finds in the page that answers the form, and nowhere else', async () => {
    const visitor = await staffed.signedIn('administrator');
    const form = await visitor.open(`/try/${staffed.agreement.hash}`);
    const { lines } = staffed.node('police');
    const before = lines.length;
    const found = await visitor.submit(form, `/try/${staffed.agreement.hash}`);
    expect([found.status, found.url.search]).toEqual([200, '']);
    expect(found.text).toContain('40 records');
    expect(lines.slice(before)).toEqual([]);
    expect((await visitor.open(`/try/${staffed.agreement.hash}`)).text).not.toContain('40 records');
  });

  it('keeps the form where the database is down, and says so', async () => {
    const rows = staffed.town.lists.get('police') ?? [];
    staffed.town.lists.set('police', new SourceFault('unavailable'));
    const visitor = await staffed.signedIn('administrator');
    const form = await visitor.open(`/try/${staffed.agreement.hash}`);
    const found = await visitor.submit(form, `/try/${staffed.agreement.hash}`);
    staffed.town.lists.set('police', rows);
    expect(found.status).toBe(503);
    expect(found.text).toContain('The database does not answer');
  });
});

describe('while the node’s own store is down', () => {
  it('pages say so, the overview is shown, and nothing of the fault is told', async () => {
    const visitor = await staffed.signedIn(['approver', 'administrator'], 'schools');
    expect((await visitor.open('/disclosures')).status).toBe(200);
    await staffed.postgres.stop();
    const overview = await until('the overview shows it', async () => {
      const page = await visitor.open('/');
      return page.text.includes('own store does not answer: no query is taken up') && page;
    });
    expect(overview.status).toBe(200);
    expect(overview.text).toContain('cannot be counted');
    for (const path of ['/disclosures', '/approvals', '/approvals/AAAA']) {
      const page = await visitor.open(path);
      expect([path, page.status]).toEqual([path, 503]);
      expect(page.text).toContain('own store does not answer');
      expect(page.text).not.toMatch(/ECONN|postgres|5432|127\.0/);
    }
    expect((await visitor.open('/disclosures.csv')).status).toBeGreaterThanOrEqual(500);
    expect((await visitor.open('/agreements')).status).toBe(200);
  }, 60_000);
});
