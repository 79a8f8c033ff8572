import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { makeParties, type Parties } from '../../../../../tests/mesh/make-parties.js';
import { composeQuery } from '../../fixtures/paper-query.js';
import { caseworkerAt, type Caseworker } from '../../fixtures/people.js';
import { paperCoordinator, serveRequester } from '../../fixtures/serve-requester.js';
import { embeddedStore, type TemporaryStore } from '../../fixtures/temporary-stores.js';
import { insertQuery, type Query } from '../../store/queries.js';

let parties: Parties;
let temporary: TemporaryStore;
let requester: Awaited<ReturnType<typeof serveRequester>>;
let busy: Caseworker;
let first: Query;

beforeAll(async () => {
  parties = await makeParties();
  temporary = await embeddedStore();
  requester = await serveRequester(parties, temporary.store, paperCoordinator(parties));
  first = { ...(await composeQuery(parties, { asker: 'busy' })), ...decided('concern') };
  const outcomes = ['clear', 'concern', 'refer'] as const;
  const many = Array.from({ length: 9_999 }, (_, index) => ({
    ...first,
    ...decided(outcomes[index % 3] ?? 'clear'),
    id: randomBytes(16).toString('hex'),
    reference: null,
    asked_at: first.asked_at - 1 - index,
  }));
  await insertQuery(temporary.store.knex, first);
  await temporary.store.knex.transaction(async (transaction) => {
    for (let at = 0; at < many.length; at += 25) await transaction('queries').insert(many.slice(at, at + 25));
  });
  busy = await caseworkerAt(requester, { sub: 'busy' });
});
afterAll(async () => {
  await requester.close();
  await temporary.remove();
});

const decided = (outcome: Query['outcome']) => ({ state: 'decided', outcome, deadline: Date.now() + 60_000 }) as const;

describe('the list of queries', () => {
  it('says what to do while it is empty', async () => {
    const { home } = await caseworkerAt(requester, { sub: 'newcomer' });
    expect(home.text).toContain('You have not asked anything yet');
    expect(home.text).toContain('href="/new"');
    expect(home.text).not.toContain('<table');
  });

  it('shows fifty of ten thousand at a time, newest first, with the way to the others', async () => {
    expect(busy.home.text).toContain('1 to 50 of 10,000, newest first');
    expect(rowsOf(busy.home.text)[0]).toBe(first.id);
    expect(busy.home.text).toContain('href="/?page=2"');
    expect(busy.home.text).toContain('href="/?page=200"');
    const last = await busy.open('/?page=200');
    expect(rowsOf(last.text)).toHaveLength(50);
    expect(last.text).toContain('9,951 to 10,000 of 10,000');
  });

  it('is there in a moment, however long it is', async () => {
    const began = performance.now();
    await busy.open('/?page=150');
    expect(performance.now() - began).toBeLessThan(2_000);
  });

  it('shows those of one state, and says when there is none', async () => {
    const { text } = await busy.open('/?state=concern');
    expect(text).toContain('of 3,334, newest first');
    expect(text).toContain('href="/?state=concern&amp;page=2"');
    expect((await busy.open('/?state=open')).text).toContain('None of your queries is like that');
    expect((await busy.open('/?rechecks=only')).text).toContain('None of your queries is like that');
  });

  it.each(['/?state=<script>', '/?page=0', '/?page=x', '/?page=99999999', '/?state=open&state=clear', '/?quux=bar'])(
    'takes nothing else from its address: %s',
    async (path) => {
      const { status, text } = await busy.open(path);
      expect(status).toBe(200);
      expect(text).not.toMatch(/<script>|quux/);
    },
  );
});

describe('a search by reference', () => {
  const search = (reference: string, who = busy) => who.submit(who.home, '/search', { reference });

  it('leads to the query, however the reference was copied, and is in no address', async () => {
    const reference = first.reference ?? '';
    for (const typed of [reference, ` ${reference.toLowerCase()} `, reference.replaceAll('-', ' ')]) {
      const page = await search(typed);
      expect(page.url.pathname).toBe(`/queries/${first.id}`);
      expect(page.url.search).toBe('');
    }
  });

  it('finds nothing of another caseworker', async () => {
    const other = await caseworkerAt(requester, { sub: 'other' });
    const own = { ...(await composeQuery(parties, { asker: 'other' })), ...decided('clear') };
    await insertQuery(temporary.store.knex, own);
    const page = await search(first.reference ?? '', { ...other, home: await other.open('/') });
    expect(page.status).toBe(422);
    expect(page.text).toContain('None of your queries has this reference');
  });

  it.each(['', 'AB123456C', '<script>'])('tells what is no reference, and keeps it in the form: %j', async (typed) => {
    const page = await search(typed);
    expect(page.status).toBe(422);
    expect(page.text).toContain('Enter the whole reference');
    expect(requester.lines.join('')).not.toContain('AB123456C');
  });
});

function rowsOf(html: string): string[] {
  return [...html.matchAll(/href="\/queries\/([0-9a-f]{32})"/g)].map(([, id]) => id ?? '');
}
