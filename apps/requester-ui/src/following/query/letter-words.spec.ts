import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CheckAgreement, Combination } from '@anonymesh/protocol';
import { makeParties, type Parties } from '../../../../../tests/mesh/make-parties.js';
import { composeQuery } from '../../fixtures/paper-query.js';
import { caseworkerAt, type Caseworker } from '../../fixtures/people.js';
import { paperCoordinator, serveRequester } from '../../fixtures/serve-requester.js';
import { embeddedStore, type TemporaryStore } from '../../fixtures/temporary-stores.js';
import { insertQuery, type Query } from '../../store/queries.js';

const day = 86_400_000;
const clear = { state: 'decided', outcome: 'clear', code: 'all-answered', answered: 3 } as const;
const concern = { ...clear, outcome: 'concern' } as const;
const refer = { ...clear, outcome: 'refer', code: 'not-all-answered', answered: 2 } as const;

let parties: Parties;
let temporary: TemporaryStore;
let requester: Awaited<ReturnType<typeof serveRequester>>;
let caseworker: Caseworker;

beforeAll(async () => {
  // Another office asks under the same agreements, and is named before ours.
  parties = await makeParties({ requesters: ['housing', 'immigration'] });
  temporary = await embeddedStore();
  requester = await serveRequester(parties, temporary.store, paperCoordinator(parties));
  caseworker = await caseworkerAt(requester);
});
afterAll(async () => {
  await requester.close();
  await temporary.remove();
});

/** A query under an agreement with these terms, which stands like this. */
async function keep(terms: Partial<CheckAgreement>, changed: Partial<Query>): Promise<Query> {
  const agreement = await parties.agree(terms);
  (parties.trust.agreements as Map<string, typeof agreement>).set(agreement.hash, agreement);
  const composed = await composeQuery(parties, { agreement });
  const query: Query = { ...composed, state: 'waiting', admitted: true, ask_at: null, ...changed };
  await insertQuery(temporary.store.knex, query);
  return query;
}

const read = async ({ id }: Query, path = '', reader = caseworker) =>
  (await reader.open(`/queries/${id}${path}`)).text.replaceAll(/\s+/g, ' ');
const letterOf = async (...given: Parameters<typeof keep>) => read(await keep(...given), '/letter');

describe('the letter to the applicant', () => {
  it('has the reference, what it was for, and how to find out why, ready to print', async () => {
    const query = await keep({}, concern);
    const text = await read(query, '/letter');
    for (const each of [query.reference ?? 'none', parties.agreement.content.purpose, 'How to find out why'])
      expect(text).toContain(each);
    expect(text).toContain('<title>Letter to the applicant – Queries</title>');
  });

  it('says at which address the portal is, and nothing of one that is not known here', async () => {
    const query = await keep({}, concern);
    const link = /<a class="[^"]*" href="https:\/\/appeals\.example">https:\/\/appeals\.example<\/a>/;
    for (const path of ['', '/letter']) expect(await read(query, path)).toMatch(link);
    const elsewhere = { portal: 'https://another.example' };
    const other = await serveRequester(parties, temporary.store, paperCoordinator(parties), { portals: elsewhere });
    const reader = await caseworkerAt(other);
    expect(await read(query, '/letter', reader)).toContain('The appeal-portal. We can tell you where it is.');
    expect(await read(query, '', reader)).toContain('tell your administrator');
    for (const path of ['', '/letter']) expect(await read(query, path, reader)).not.toContain('.example');
    await other.close();
  });

  it('is of the day of the outcome, and not of the deadline, however late that is', async () => {
    const [asked_at, ended_at] = [Date.parse('2026-03-02T12:00Z'), Date.parse('2026-03-03T12:00Z')];
    const deadline = asked_at + 14 * day;
    const text = await letterOf({ deadlineSeconds: 14 * 86_400 }, { ...concern, asked_at, ended_at, deadline });
    expect(text).toContain('The immigration<br>3 March 2026</p>');
    expect(text).toContain('On 2 March 2026 we asked');
    expect(text).not.toContain('16 March');
  });

  it('is of the day on which it is printed where nobody noted when the outcome came', async () => {
    const today = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'Europe/London' });
    const days = [today.format(Date.now())];
    const text = await letterOf({}, { ...concern, ended_at: null, deadline: Date.now() + 14 * day });
    days.push(today.format(Date.now()));
    expect(days.some((each) => text.includes(`The immigration<br>${each}</p>`))).toBe(true);
  });

  it('is of the day of the deadline where nothing was heard until then', async () => {
    const deadline = Date.parse('2026-03-04T12:00Z');
    expect(await letterOf({}, { deadline })).toContain('The immigration<br>4 March 2026</p>');
  });

  it.each([
    ['any', 'All of them answered, and none had a concern.'],
    [{ atLeast: 2 }, 'with too few concerns to count: it takes at least 2 of them. We are not told which'],
    ['all', 'with too few concerns to count: it takes all of them. We are not told which'],
  ] satisfies [Combination, string][])(
    'says of a clear outcome by %j no more than the office knows',
    async (...given) => {
      const [combination, found] = given;
      const text = await letterOf({ combination }, clear);
      expect(text).toContain(found);
      expect(text).toContain('How to find out more');
      expect(text.includes('none had a concern')).toBe(combination === 'any');
      expect(text.includes('ask for a re-check')).toBe(combination !== 'any');
    },
  );

  it.each([
    ['any', 'At least one of them had a concern. We are not told which, or why.'],
    [{ atLeast: 2 }, 'At least 2 of them had a concern. We are not told which, or why.'],
    [{ atLeast: 3 }, 'All of them had a concern. We are not told why.'],
    ['all', 'All of them had a concern. We are not told why.'],
  ] satisfies [Combination, string][])('says of a concern by %j what the office knows of it', async (...given) => {
    const [combination, found] = given;
    expect(await letterOf({ combination }, concern)).toContain(found);
  });

  it('says of a check without all answers that nothing was concluded', async () => {
    const text = await letterOf({}, refer);
    expect(text).toContain('could not be completed, so nothing was concluded about you');
    expect(text).toContain('which organisations had a concern, if any did');
  });
});

describe('an agreement with terms of its own about telling', () => {
  const embargo = { tellsSubject: { concerns: true, afterSeconds: 30 * 86_400 }, retentionDays: 60 } as const;
  const asked = Date.parse('2036-03-01T12:00:00Z');

  it.each([{}, concern])('with an embargo says from when on they can find out, on the page (%j)', async (changed) => {
    const text = await read(await keep(embargo, { ...changed, asked_at: asked, deadline: asked + 60_000 }));
    expect(text).toContain('but not before 31 March 2036 at 13:00: the agreement says so.');
  });

  it('with an embargo says so in the letter, until it is over', async () => {
    const text = await letterOf(embargo, { ...concern, asked_at: asked });
    expect(text).toContain('You can do this from 31 March 2036 at 13:00, and not before.');
    const over = await letterOf(embargo, { ...concern, asked_at: Date.now() - 31 * day });
    expect(over).not.toContain('You can do this from');
    expect(await letterOf({}, concern)).not.toContain('You can do this from');
  });

  it('that keeps reasons back promises none, on no page and in no letter', async () => {
    const silent = { tellsSubject: { concerns: true, reasons: false } } as const;
    for (const changed of [{}, concern]) {
      const text = await read(await keep(silent, changed));
      expect(text).toContain('can find out which holders had a concern');
      expect(text).toContain('The portal does not say why: the agreement leaves that to the holders.');
      expect(text).not.toMatch(/find out why|and why/);
    }
    const letter = await letterOf(silent, concern);
    expect(letter).toContain('How to find out more');
    expect(letter).toContain('The portal does not say why: they can tell you');
    expect(letter).not.toMatch(/find out why|, why,/);
  });

  it('that keeps nothing back promises reasons, once there is an outcome', async () => {
    const waiting = await read(await keep({}, {}));
    expect(waiting).toContain('can find out which holders had a concern and why once there is an outcome.');
    expect(await read(await keep({}, concern))).toContain('can find out which holders had a concern and why.');
  });
});
