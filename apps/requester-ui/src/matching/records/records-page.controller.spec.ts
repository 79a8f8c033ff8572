import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { relayMatches, relayOutcome, type SetAgreement } from '@anonymesh/protocol';
import type { SignedAgreement } from '@anonymesh/trust';
import { makeParties, type Parties } from '../../../../../tests/mesh/make-parties.js';
import { letterOf, sealOutcome } from '../../fixtures/paper-query.js';
import { composeSetQuery, lettersWith, sealMatches, type PaperRecord } from '../../fixtures/paper-set.js';
import { caseworkerAt, type Caseworker } from '../../fixtures/people.js';
import { paperCoordinator, serveRequester } from '../../fixtures/serve-requester.js';
import { embeddedStore, type TemporaryStore } from '../../fixtures/temporary-stores.js';
import { eraseExpired, insertQuery, type Query } from '../../store/queries.js';

let parties: Parties;
let signed: SignedAgreement<SetAgreement>;
let temporary: TemporaryStore;
let requester: Awaited<ReturnType<typeof serveRequester>>;
let caseworker: Caseworker;
let query: Query;

beforeAll(async () => {
  const made = await makeParties({ holders: ['hmrc', 'dwp'] });
  signed = await made.agreeOnSets();
  const agreements = new Map([...made.trust.agreements, [signed.hash, signed] as const]);
  parties = { ...made, trust: { ...made.trust, agreements } };
});
beforeEach(async () => {
  temporary = await embeddedStore();
  requester = await serveRequester(parties, temporary.store, paperCoordinator(parties));
  query = { ...(await composeSetQuery(parties, signed)), state: 'waiting', admitted: true, ask_at: null };
  await insertQuery(temporary.store.knex, query);
  caseworker = await caseworkerAt(requester);
});
afterEach(async () => {
  await requester.close();
  await temporary.remove();
});

const found: readonly PaperRecord[] = [
  { holder: 'dwp', row: { surname: 'Zhou', note: '<script>alert(1)</script>' } },
  { holder: 'hmrc', row: { surname: 'Adeyemi', note: '=HYPERLINK("x")' } },
];
const from = () => parties.party('coordinator');

async function release(records = found) {
  for (const body of await lettersWith(parties, signed, query, records)) {
    const sealed = await sealMatches(parties, query, body);
    await requester.receive('matches', letterOf(relayMatches, query.id, { sealed }, from()) as never);
  }
  const outcome = { outcome: 'released', code: 'all-answered', people: 1, holders: 2, answered: 2 } as const;
  const body = { sealed: await sealOutcome(parties, query, outcome) };
  await requester.receive('outcome', letterOf(relayOutcome, query.id, body, from()) as never);
}
const path = () => `/queries/${query.id}/records`;
const rows = (html: string) =>
  [...html.matchAll(/<tr class="govuk-table__row">(<td.*?)<\/tr>/g)].map(([, row]) => row?.replaceAll(/<[^>]+>/g, ' '));

describe('a set query', () => {
  it('under way shows one bar over all stages', async () => {
    await temporary.store.knex('queries').update({ stage: 'exchanging', percent: 50, asked_at: Date.now() - 10_000 });
    const { text } = await caseworker.open(`/queries/${query.id}`);
    expect(text).toMatch(/<progress[^>]* value="45"/);
    expect(text).toContain('Holders are comparing');
    expect(text).toMatch(/About 1[0-9] seconds left/);
  });

  it('that ended without a release has no records to look at', async () => {
    expect((await caseworker.open(path())).status).toBe(404);
    expect((await caseworker.open(`${path()}.csv`)).status).toBe(404);
  });
});

describe('matched records', () => {
  it('stand in a table that sorts by any column, both ways, and are text whatever they hold', async () => {
    await release();
    expect((await caseworker.open(`/queries/${query.id}`)).text).toContain(`href="${path()}"`);
    const { text } = await caseworker.open(path());
    expect(rows(text).map((row) => /Zhou|Adeyemi/.exec(row ?? '')?.[0])).toEqual(['Zhou', 'Adeyemi']);
    expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(text).not.toContain('<script>alert');
    const byName = /href="([^"]+)">Surname/.exec(text)?.[1]?.replaceAll('&amp;', '&') ?? '';
    const sorted = await caseworker.open(byName);
    expect(rows(sorted.text).map((row) => /Zhou|Adeyemi/.exec(row ?? '')?.[0])).toEqual(['Adeyemi', 'Zhou']);
    expect(sorted.text).toContain('aria-sort="ascending"');
    const down = /href="([^"]+)">Surname/.exec(sorted.text)?.[1]?.replaceAll('&amp;', '&') ?? '';
    expect(rows((await caseworker.open(down)).text).map((row) => /Zhou|Adeyemi/.exec(row ?? '')?.[0])).toEqual([
      'Zhou',
      'Adeyemi',
    ]);
  });

  it('come as a file in which no formula runs', async () => {
    await release();
    const { text, headers } = await caseworker.open(`${path()}.csv`);
    expect(headers.get('content-disposition')).toContain('records.csv');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(text).toContain(`"'=HYPERLINK(""x"")"`);
  });

  it.each(['?column=-1', '?column=99', '?column=x&down=maybe&page=0', '?page=1000'])(
    'are sorted by nothing else: %s',
    async (parameters) => {
      await release();
      expect((await caseworker.open(`${path()}${parameters}`)).status).toBe(200);
    },
  );

  it('are for the caseworker who asked, and for nobody after the agreed time', async () => {
    await release();
    const other = await caseworkerAt(requester, { sub: 'user-2' });
    expect((await other.open(path())).status).toBe(404);
    await eraseExpired(temporary.store.knex, query.kept_until);
    expect((await caseworker.open(path())).status).toBe(404);
    expect((await caseworker.open(`/queries/${query.id}`)).status).toBe(404);
    expect(await temporary.store.knex('match_letters')).toEqual([]);
  });
});
