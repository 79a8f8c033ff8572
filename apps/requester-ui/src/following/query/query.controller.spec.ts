import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { checkpoint, enter, place } from '@anonymesh/evidence';
import { progress, relayOutcome } from '@anonymesh/protocol';
import { makeParties, type Parties } from '../../../../../tests/mesh/make-parties.js';
import { composeQuery, letterOf, sealOutcome, type OutcomeOptions } from '../../fixtures/paper-query.js';
import { caseworkerAt, type Caseworker } from '../../fixtures/people.js';
import { paperCoordinator, serveRequester } from '../../fixtures/serve-requester.js';
import { withdraw } from '../../fixtures/withdraw.js';
import { embeddedStore, type TemporaryStore } from '../../fixtures/temporary-stores.js';
import { insertQuery, type Query } from '../../store/queries.js';

let parties: Parties;
let temporary: TemporaryStore;
let requester: Awaited<ReturnType<typeof serveRequester>>;
let caseworker: Caseworker;
let query: Query;

beforeAll(async () => {
  parties = await makeParties();
});
beforeEach(async () => {
  temporary = await embeddedStore();
  requester = await serveRequester(parties, temporary.store, paperCoordinator(parties));
  caseworker = await caseworkerAt(requester);
  query = await keep();
});
afterEach(async () => {
  await requester.close();
  await temporary.remove();
});

const keep = async (changed: Partial<Query> = {}, options: Parameters<typeof composeQuery>[1] = {}) => {
  const kept = { ...(await composeQuery(parties, options)), state: 'waiting' as const, admitted: true, ...changed };
  await insertQuery(temporary.store.knex, kept);
  return kept;
};
const answered = (count: number) =>
  requester.receive(
    'progress',
    letterOf(progress, query.id, { answered: count }, parties.party('coordinator')) as never,
  );
const decide = async (options: OutcomeOptions = {}) => {
  const body = { sealed: await sealOutcome(parties, query, options) };
  return requester.receive('outcome', letterOf(relayOutcome, query.id, body, parties.party('coordinator')) as never);
};
const page = (path = '') => caseworker.open(`/queries/${query.id}${path}`);

describe('the page of a query that is open', () => {
  it('says how many of how many holders have answered, and until when it takes at most, never which', async () => {
    await answered(1);
    const { status, text } = await page();
    expect(status).toBe(200);
    expect(text).toContain('1 of 3 holders have answered');
    expect(text).toContain(query.reference ?? 'none');
    for (const { id } of parties.agreement.content.holders) expect(text).not.toContain(parties.party(id).name);
    expect((await page('/letter')).status).toBe(404);
  });

  it('says that the agreement was withdrawn meanwhile, and what that comes to, but not by whom', async () => {
    await withdraw(parties, temporary.store, 'dwp');
    const { text } = await page();
    expect(text).toContain('The agreement is over: it has been withdrawn. No holder answers any more');
    for (const { id } of parties.agreement.content.holders) expect(text).not.toContain(parties.party(id).name);
    await decide({ outcome: 'refer', answered: 1, code: 'not-all-answered' });
    const after = (await page()).text;
    expect(after).toContain('The agreement is over: it has been withdrawn.');
    expect(after).toContain('Do not ask again under this agreement');
    for (const { id } of parties.agreement.content.holders) expect(after).not.toContain(parties.party(id).name);
  });

  it('is told of each change while it is open, and of the end', async () => {
    const stream = await fetch(`${requester.url}/queries/${query.id}/events`, {
      headers: { accept: 'text/event-stream', cookie: cookieOf(caseworker) },
    });
    await answered(2);
    await decide();
    const text = await stream.text();
    expect(text).toContain('"count":"0 of 3 holders have answered"');
    expect(text).toContain('"count":"2 of 3 holders have answered"');
    expect(text).toMatch(/event: outcome/);
    expect(text).not.toMatch(/AB123456C|okafor/i);
  });

  it('is told nothing more once the session is over', async () => {
    const stream = await fetch(`${requester.url}/queries/${query.id}/events`, {
      headers: { accept: 'text/event-stream', cookie: cookieOf(caseworker) },
    });
    await caseworker.submit(caseworker.home, '/sign-out');
    await answered(1);
    expect(await stream.text()).not.toContain('1 of 3');
  });
});

describe('the page of a query that has ended', () => {
  it.each([
    ['clear', {}, 'Every holder answered, and none has a concern', 'Go on with the application'],
    [
      'concern',
      { outcome: 'concern' },
      'At least one of the holders has a concern',
      'Give the applicant the reference',
    ],
    ['refer', { outcome: 'refer', code: 'not-all-answered', answered: 2 }, 'It does not mean a concern', 'Ask again'],
    ['refer', { outcome: 'refer', code: 'holder-refused', answered: 2 }, 'could not or may not answer', 'Ask again'],
    ['refer', { outcome: 'refer', code: 'answers-disagree' }, 'do not belong together', 'Check what was typed'],
  ] as const)('says %s (%j) in one word, what it means, and what to do', async (word, options, means, next) => {
    await decide(options);
    const { text } = await page();
    // It goes into the browser's history.
    expect(text).toContain('<title>Outcome – Queries</title>');
    expect(/<h1.*?<\/h1>/s.exec(text)?.[0].toLowerCase()).toContain(word);
    expect(text).toContain(means);
    expect(text).toContain(next);
    expect(text).toContain(query.reference ?? 'none');
  });

  it('says refer when the deadline has passed, and not asked when the mesh refused it', async () => {
    const late = await keep({ deadline: Date.now() - 1 });
    expect((await caseworker.open(`/queries/${late.id}`)).text).toContain('Not every holder answered in time');
    const refused = await keep({ state: 'refused', code: 'lookup-taken' });
    const { text } = await caseworker.open(`/queries/${refused.id}`);
    expect(text).toContain('The mesh did not take this query');
    expect((await caseworker.open(`/queries/${refused.id}/letter`)).status).toBe(404);
  });

  it('leads to the re-checks that the applicant asked for, and from them to the first', async () => {
    await decide({ outcome: 'concern' });
    const again = await keep({ t: 1 }, { reference: query.reference ?? '', t: 1 });
    expect((await page()).text).toContain('re-check that the applicant asked for');
    await temporary.store.knex('queries').where({ id: again.id }).update({ state: 'decided', outcome: 'clear' });
    const { text } = await caseworker.open(`/queries/${again.id}`);
    expect(text).toContain(`href="/queries/${query.id}"`);
    expect(text).toContain('first check');
  });

  it('has its receipt as soon as there is one, for who asked and for nobody else', async () => {
    await decide();
    expect((await page()).text).toContain('can be downloaded here within a few minutes');
    expect((await page('/receipt.json')).status).toBe(404);
    const { knex } = temporary.store;
    await knex.transaction((work) => enter(work, [{ did: 'decided', what: 'outcome', query: query.id, words: '' }]));
    await knex.transaction((work) => place(work));
    const key = parties.self('immigration').keyring.signing;
    await knex.transaction((work) => checkpoint(work, { origin: 'immigration', key }));
    expect((await page()).text).toContain(`href="/queries/${query.id}/receipt.json" download`);
    const { status, text } = await page('/receipt.json');
    expect([status, (JSON.parse(text) as { query: string }).query]).toEqual([200, query.id]);
    expect(text).not.toContain(query.reference ?? 'none');
    const other = await caseworkerAt(requester, { sub: 'user-2' });
    expect((await other.open(`/queries/${query.id}/receipt.json`)).status).toBe(404);
  });
});

describe('a query', () => {
  it('does not exist for another caseworker, nor for whoever makes up an id', async () => {
    const other = await caseworkerAt(requester, { sub: 'user-2' });
    for (const path of [`/queries/${query.id}`, `/queries/${query.id}/letter`, `/queries/${query.id}/events`])
      expect((await other.open(path)).status).toBe(404);
    for (const path of ['/queries/AB123456C', `/queries/${'0'.repeat(32)}`, '/queries/__proto__'])
      expect((await caseworker.open(path)).status).toBe(404);
    expect(requester.lines.join('')).not.toContain('AB123456C');
  });

  it('with markup in what somebody typed shows it as text', async () => {
    const stored = await keep({ fields: JSON.stringify({ surname: '<script>alert(1)</script>' }) });
    const { text } = await caseworker.open(`/queries/${stored.id}`);
    expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(text).not.toContain('<script>alert');
  });
});

function cookieOf({ cookies }: Caseworker): string {
  return [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
}
