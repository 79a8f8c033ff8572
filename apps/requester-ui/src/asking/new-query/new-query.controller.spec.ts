import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sectionsOf } from '@anonymesh/trust';
import { makeParties, type Parties } from '../../../../../tests/mesh/make-parties.js';
import { caseworkerAt, typed, type Caseworker } from '../../fixtures/people.js';
import { withdraw } from '../../fixtures/withdraw.js';
import { paperCoordinator, serveRequester, type PaperCoordinator } from '../../fixtures/serve-requester.js';
import { embeddedStore, type TemporaryStore } from '../../fixtures/temporary-stores.js';
import { findQuery, type Query } from '../../store/queries.js';

let parties: Parties;
let temporary: TemporaryStore;
let coordinator: PaperCoordinator;
let requester: Awaited<ReturnType<typeof serveRequester>>;
let caseworker: Caseworker;

beforeAll(async () => {
  parties = await makeParties();
});
beforeEach(async () => {
  temporary = await embeddedStore();
  coordinator = paperCoordinator(parties);
  requester = await serveRequester(parties, temporary.store, coordinator);
  caseworker = await caseworkerAt(requester);
});
afterEach(async () => {
  await requester.close();
  await temporary.remove();
});

const path = '/new/right-to-remain';
const ask = async (changed: Record<string, string> = {}) =>
  caseworker.submit(await caseworker.open(path), path, { ...typed, ...changed });
const kept = (): Promise<Query[]> => temporary.store.knex('queries').select();

describe('the form of a new check', () => {
  it('says what for, on which legal basis, who is asked and what each receives, before anything is typed', async () => {
    const { text } = await caseworker.open(path);
    const { purpose, legalBasis, fields } = parties.agreement.content;
    for (const each of [purpose, legalBasis, ...Object.values(fields).map(({ label }) => label)])
      expect(text).toContain(each);
    expect(text).toMatch(/receives: National Insurance number/);
    const all = sectionsOf(parties.agreement.content).flatMap(({ sentences }) => sentences);
    for (const sentence of all) expect(text).toContain(sentence.text);
  });

  it('is found at once where there is one agreement, and not at all without the role', async () => {
    expect((await caseworker.open('/new')).url.pathname).toBe(path);
    const clerk = await caseworkerAt(requester, { roles: ['clerk'] });
    expect((await clerk.open('/new')).text).toContain('There is no agreement today');
    expect((await clerk.open(path)).status).toBe(404);
    expect((await clerk.open('/new/__proto__')).status).toBe(404);
  });

  it('asks, and leads to the query; nothing that was typed is in an address, a title or the log', async () => {
    const page = await ask();
    const [query] = await kept();
    expect(page.url.pathname).toBe(`/queries/${query?.id}`);
    expect(query).toMatchObject({ asker: 'user-1', role: 'caseworker', state: 'waiting' });
    expect(coordinator.heard).toHaveLength(1);
    expect(JSON.parse(query?.fields ?? '')).toMatchObject({ niNumber: 'AB123456C', birthDate: '1985-03-27' });
    const title = /<title>(.*?)<\/title>/.exec(page.text)?.[1] ?? '';
    expect(page.url.href + title + requester.lines.join('')).not.toMatch(/AB ?12|okafor|NM1|1985/i);
  });
});

describe('a form that is turned down', () => {
  it('names every field at the field and in the summary, and keeps what was typed', async () => {
    const page = await ask({ niNumber: 'QQ123', 'birthDate-day': '31', 'birthDate-month': '2', surname: '' });
    expect(page.status).toBe(422);
    expect(page.text).toContain('<title>Error: New check');
    expect(page.text).toContain('href="#niNumber">National Insurance number must be two letters');
    expect(page.text).toContain('href="#birthDate-day">Date of birth must be a real date');
    expect(page.text).toContain('href="#surname">Enter last name');
    for (const id of ['niNumber-error', 'birthDate-error', 'surname-error']) expect(page.text).toContain(`id="${id}"`);
    for (const value of ['QQ123', '31', 'nm14qt']) expect(page.text).toContain(`value="${value}"`);
    expect(await kept()).toEqual([]);
    expect(requester.lines.join('')).not.toContain('QQ123');
  });

  it.each([
    ['niNumber', '"><script>alert(1)</script>'],
    ['surname', '{{ 7 * 7 }}'],
    ['postcode', 'x'.repeat(5_000)],
  ])('with something in %s that is no such thing stays harmless', async (field, text) => {
    const page = await ask({ [field]: text });
    expect(page.status).toBe(422);
    expect(page.text).not.toMatch(/<script>|value="49"/);
  });

  it('because its account asks too often says when to come back, and asks nothing', async () => {
    await requester.close();
    requester = await serveRequester(parties, temporary.store, coordinator, { limits: { perAccount: { most: 2 } } });
    caseworker = await caseworkerAt(requester);
    await ask();
    await ask();
    const page = await ask();
    expect(page.status).toBe(429);
    expect(page.text).toContain('<title>Asked too often – Queries</title>');
    expect(page.text).toMatch(/Nothing was asked\..+You can ask again in (59|60) minutes\./s);
    expect(page.text).not.toContain('nm14qt');
    expect([(await kept()).length, coordinator.heard.length]).toEqual([2, 2]);
  });

  it('by the mesh says why, and keeps what was typed', async () => {
    coordinator.says = 'agreement-not-in-force';
    const page = await ask();
    expect(page.status).toBe(409);
    expect(page.text).toContain('Nobody may ask under this agreement at the moment. The others know something of it');
    expect(page.text).toContain('value="Okafor"');
  });

  it('is warned of before anything is typed where the agreement was withdrawn, and by whom', async () => {
    await withdraw(parties, temporary.store, 'dwp');
    expect((await caseworker.open(path)).text).toContain('It is withdrawn by The dwp.');
    coordinator.says = 'agreement-not-in-force';
    expect((await ask()).text).toContain('It is withdrawn by The dwp.');
    const api = await fetch(`${requester.url}/api/v1/agreements`, {
      headers: { authorization: `Bearer ${await requester.token()}` },
    });
    expect(await api.json()).toMatchObject({
      agreements: [{ standing: 'withdrawn', inWords: 'withdrawn by The dwp' }],
    });
  });

  it('because our own store does not work says so, and keeps what was typed', async () => {
    const form = await caseworker.open(path);
    await temporary.store.knex.schema.renameTable('queries', 'gone');
    const page = await caseworker.submit(form, path, typed);
    await temporary.store.knex.schema.renameTable('gone', 'queries');
    expect(page.status).toBe(503);
    expect(page.text).toContain('the mesh does not answer');
    expect(page.text).toContain('value="Okafor"');
    expect(coordinator.heard).toEqual([]);
  });

  it('without its session’s token asks nothing', async () => {
    expect((await caseworker.post(path, typed)).status).toBe(403);
    expect([await kept(), coordinator.heard]).toEqual([[], []]);
  });
});

describe('while the mesh is down', () => {
  it('a check is kept, the page says so, and it is asked once the mesh is back', async () => {
    coordinator.says = 'unavailable';
    const page = await ask();
    expect(page.text).toContain('The mesh does not answer at the moment. Your query is kept');
    coordinator.says = 'admitted';
    const id = page.url.pathname.split('/').at(-1) ?? '';
    for (let tries = 0; tries < 100 && (await findQuery(temporary.store.knex, id))?.state !== 'waiting'; tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 50));
    expect((await caseworker.open(page.url.pathname)).text).toContain('The mesh has your query.');
  });
});
