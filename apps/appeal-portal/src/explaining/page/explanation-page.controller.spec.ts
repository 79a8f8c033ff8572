import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mintReference } from '@anonymesh/protocol-asking';
import { makeParties, type Parties } from '../../../../../tests/mesh/make-parties.js';
import { visitorOf, type Page } from '../../../../../tests/servers/visitor.js';
import { sitDownAtForm } from '../fixtures/at-form.js';
import { makeAnswer, signOutcome } from '../fixtures/make-answers.js';
import { makeQuery, somebody, type MadeQuery } from '../fixtures/make-query.js';
import { paperMesh, servePortal } from '../fixtures/serve-portal.js';

const mesh = paperMesh();
const limits = { account: { perQuarterHour: 1000, perDay: 1000 }, address: { perQuarterHour: 3 } };
let parties: Parties;
let portal: Awaited<ReturnType<typeof servePortal>>;
let query: MadeQuery;

beforeAll(async () => {
  parties = await makeParties();
  portal = await servePortal(parties, mesh, { floorMilliseconds: 20, limits });
});
afterAll(() => portal.close());
beforeEach(async () => {
  for (const kept of [mesh.slips, mesh.explanations]) kept.clear();
  mesh.wishes.length = 0;
  portal.lines.length = 0;
  Object.assign(mesh, { fault: undefined, silent: false, fate: 'sent' });
  query = await makeQuery(parties);
  mesh.slips.set(query.manifest.lookupId, query.body);
});

type Words = Record<string, { concern: boolean; explanation?: { reason?: string; contact?: string } }>;
const oneConcern: Words = { hmrc: { concern: true }, dwp: { concern: false }, council: { concern: false } };

async function decide(made: MadeQuery, words: Words = oneConcern): Promise<void> {
  const answers = await Promise.all(
    Object.entries(words).map(([holder, word]) => makeAnswer(parties, made, holder, word)),
  );
  const letters = answers.map(({ signed, explanation }) => ({ signed, explanation }));
  mesh.explanations.set(made.queryId, { outcome: await signOutcome(parties, made, answers), answers: letters });
}

const atForm = (claims?: Record<string, unknown>) => sitDownAtForm(portal, claims);

describe('the pages for a subject', () => {
  it('say what they are for to anybody, and lead to sign-in', async () => {
    const page = await visitorOf(portal.url).open('/');
    expect(page.status).toBe(200);
    expect(page.text).toContain('href="/reference"');
    const turned = await visitorOf(portal.url).open('/reference', { follow: false });
    expect([turned.status, turned.headers.get('location')]).toEqual([303, '/sign-in?to=%2Freference']);
  });

  it('show what was asked, when, by whom, under what, and who had a concern, why and how to reach them', async () => {
    await decide(query);
    const page = await (await atForm()).explain(query.reference);
    expect(page.status).toBe(200);
    for (const shown of [
      'The immigration',
      'To decide an application for the right to remain',
      'Right to remain, version 1',
      'The hmrc',
      'hmrc found something',
      'appeals@hmrc.example',
      'At least one organisation',
    ])
      expect(page.text).toContain(shown);
    expect(page.text).not.toMatch(/dwp found|appeals@dwp/);
    expect(page.headers.get('cache-control')).toBe('no-store');
  });

  it('have neither reference nor person in an address, a title, a cookie or the log', async () => {
    await decide(query);
    const { visitor, explain, send } = await atForm();
    const page = await explain(query.reference);
    const after = await send(page, '/recheck', query.reference);
    const seen = [page, after].map(({ url, text, headers }) => [
      url.href,
      /<title>([^<]*)/.exec(text)?.[1],
      [...headers].join(),
    ]);
    const all = JSON.stringify([seen, [...visitor.cookies], portal.lines]);
    expect(all).not.toContain(query.reference);
    expect(all).not.toContain(somebody.niNumber);
    expect(all).not.toContain(query.queryId);
  });

  it('take a wish for a re-check, show that it waits, that it is under way, and its outcome', async () => {
    await decide(query);
    const { explain, send } = await atForm();
    const page = await explain(query.reference);
    expect(page.text).toContain('Ask for a re-check');
    expect((await send(page, '/recheck', query.reference)).text).toContain('A re-check has been asked for');
    const twice = await send(page, '/recheck', query.reference);
    expect([twice.status, twice.text.includes('A re-check has been asked for')]).toEqual([200, true]);
    expect(mesh.wishes).toHaveLength(1);
    const anew = await makeQuery(parties, { reference: query.reference, t: 1 });
    mesh.slips.set(anew.manifest.lookupId, anew.body);
    expect((await explain(query.reference)).text).toContain('A re-check is under way');
    await decide(anew, { hmrc: { concern: false }, dwp: { concern: false }, council: { concern: false } });
    const done = await explain(query.reference);
    expect(done.text).toContain('No organisation had a concern');
    expect(done.text).toMatch(/Asked again on [^<]+: clear, as shown above/);
  });

  it('say of a concern without a reason that the organisation can tell it', async () => {
    await decide(query, { ...oneConcern, hmrc: { concern: true, explanation: { reason: '', contact: '' } } });
    expect((await (await atForm()).explain(query.reference)).text).toContain('It can tell you when you talk to it');
  });

  it.each(['<script>alert(1)</script>', '{{ 7 * 7 }}', '<img src=x onerror=alert(1)>'])(
    'show what a holder wrote as text, whatever it is: %s',
    async (text) => {
      await decide(query, { ...oneConcern, hmrc: { concern: true, explanation: { reason: text, contact: text } } });
      const { text: html } = await (await atForm()).explain(query.reference);
      const escaped = text.replaceAll('<', '&lt;').replaceAll('>', '&gt;');
      expect(html.split(escaped)).toHaveLength(3);
      expect(html).not.toMatch(/<script>|<img src=x/);
    },
  );
});

describe('a re-check that the office took back', () => {
  it('is said to be one once it must have ended, and another can be asked for, from there on', async () => {
    await decide(query);
    const longAgo = Date.now() - 86_400_000;
    const takenBack = await makeQuery(parties, { reference: query.reference, t: 1, issuedAt: longAgo });
    mesh.slips.set(takenBack.manifest.lookupId, takenBack.body);
    const { explain, send } = await atForm();
    const page = await explain(query.reference);
    expect(page.text).toContain('taken back by the office, without an outcome');
    expect((await send(page, '/recheck', query.reference)).text).toContain('A re-check has been asked for');
    expect(mesh.wishes.map(({ queryId }) => queryId)).toEqual([takenBack.queryId]);
  });
});

describe('an agreement with terms of its own about telling', () => {
  it('is kept: during an embargo the person learns from when they can be told, and nobody else that there is one', async () => {
    const embargoed = await parties.agree({ tellsSubject: { concerns: true, afterSeconds: 3600 } });
    (parties.trust.agreements as Map<string, typeof embargoed>).set(embargoed.hash, embargoed);
    const made = await makeQuery(parties, { agreement: embargoed });
    mesh.slips.set(made.manifest.lookupId, made.body);
    await decide(made);
    const page = await (await atForm()).explain(made.reference);
    expect([page.status, page.text.includes('lets you be told from')]).toEqual([200, true]);
    expect(page.text).not.toMatch(/hmrc found|concern<|No organisation had/);
    const other = await (await atForm({ ni_number: 'AB123457C' })).explain(made.reference);
    expect([other.status, other.text.includes('lets you be told')]).toEqual([404, false]);
  });
});

describe('a reference under which nothing is found', () => {
  const shape = ({ status, text, headers }: Page, typed: string) => ({
    status,
    // But for what they typed themselves, and their session's token.
    text: text.replaceAll(typed, '…').replaceAll(/name="_csrf" value="[^"]+"/g, ''),
    headers: [...headers].filter(([name]) => !['date', 'content-length', 'set-cookie'].includes(name)),
  });

  it('is the same page for a guessed one, another person’s, a malformed and an undecided one', async () => {
    await decide(query);
    const undecided = await makeQuery(parties);
    mesh.slips.set(undecided.manifest.lookupId, undecided.body);
    const other = { sub: 'subject-1', ni_number: 'AB123457C' };
    const [guessed, malformed] = [mintReference(), 'x'.repeat(21)];
    const turned = [
      shape(await (await atForm()).explain(guessed), guessed),
      shape(await (await atForm(other)).explain(query.reference), query.reference),
      shape(await (await atForm()).explain(malformed), malformed),
      shape(await (await atForm()).explain(undecided.reference), undecided.reference),
    ];
    expect(turned[0]).toMatchObject({ status: 404, text: expect.stringContaining('We found nothing to explain') });
    for (const each of turned) expect(each).toEqual(turned[0]);
  });

  it('is told the same at the form for a re-check, and nothing is sent', async () => {
    await decide(query);
    const { form, send } = await atForm({ ni_number: 'AB123457C' });
    const page = await send(form, '/recheck', query.reference);
    expect([page.status, mesh.wishes]).toEqual([404, []]);
  });

  it('too often is a page that says how long to wait, and looks at no reference', async () => {
    await decide(query);
    const { explain } = await atForm();
    for (let tries = 0; tries < 3; tries += 1) expect((await explain(mintReference())).status).toBe(404);
    for (const reference of [mintReference(), query.reference]) {
      const page = await explain(reference);
      expect(page.status).toBe(429);
      expect(page.text).toContain('You can try again in 15 minutes');
      expect(page.text).not.toContain(reference);
      expect(Number(page.headers.get('retry-after'))).toBeGreaterThan(880);
    }
  });

  it.each(['', '   ', 'x'.repeat(65)])('is asked for where there is none: %j', async (typed) => {
    const page = await (await atForm()).explain(typed);
    expect(page.status).toBe(422);
    expect(page.text).toContain('<a href="#reference">Enter the reference from your letter</a>');
  });
});

describe('the pages', () => {
  it('keep what was typed while the mesh is down, and say so', async () => {
    mesh.silent = true;
    const page = await (await atForm()).explain(query.reference);
    expect(page.status).toBe(503);
    expect(page.text).toContain('We cannot reach');
    expect(page.text).toContain(`value="${query.reference}"`);
  });

  it('take no form without the session’s token, and none of whoever is not signed in', async () => {
    await decide(query);
    const { visitor } = await atForm();
    for (const action of ['/explanation', '/recheck']) {
      const forged = await visitor.post(action, { reference: query.reference });
      expect([forged.status, forged.text.includes('hmrc found')]).toEqual([403, false]);
      portal.provider.user = { sub: 'subject-1', ni_number: somebody.niNumber };
      const stranger = await visitorOf(portal.url).post(action, { reference: query.reference });
      expect([stranger.url.pathname, stranger.text.includes('hmrc found')]).toEqual(['/reference', false]);
    }
    expect(mesh.wishes).toEqual([]);
  });

  it.each([{}, { ni_number: '' }, { ni_number: 7 }, { ni_number: [somebody.niNumber] }])(
    'tell whoever has no verified identity (%j) what to do, and nothing else',
    async (claims) => {
      await decide(query);
      const { form, visitor } = await atForm(claims);
      expect([form.status, form.text.includes('Your identity is not verified')]).toEqual([403, true]);
      const token = /name="_csrf" value="([^"]+)"/.exec(form.text)?.[1] ?? '';
      const page = await visitor.post('/explanation', { reference: query.reference, _csrf: token });
      expect([page.status, page.text.includes('hmrc found')]).toEqual([403, false]);
    },
  );

  it('say of a fault of ours nothing about the reference', async () => {
    mesh.fault = new Error(somebody.niNumber);
    const page = await (await atForm()).explain(query.reference);
    expect(page.status).toBe(404);
    expect(portal.lines.join('')).not.toContain(somebody.niNumber);
  });
});
