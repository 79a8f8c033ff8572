import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { parseReference } from '@anonymesh/protocol-asking';
import { makeParties, type Parties } from '../../../../tests/mesh/make-parties.js';
import { until } from '../../../../tests/mesh/until.js';
import { paperCoordinator, serveRequester, type PaperCoordinator } from '../fixtures/serve-requester.js';
import { embeddedStore, type TemporaryStore } from '../fixtures/temporary-stores.js';
import { somebody } from '../fixtures/paper-query.js';
import { findQuery } from '../store/queries.js';

let parties: Parties;
let temporary: TemporaryStore;
let coordinator: PaperCoordinator;
let requester: Awaited<ReturnType<typeof serveRequester>>;

beforeAll(async () => {
  parties = await makeParties();
});
beforeEach(async () => {
  temporary = await embeddedStore();
  coordinator = paperCoordinator(parties);
  requester = await serveRequester(parties, temporary.store, coordinator);
});
afterEach(async () => {
  await requester.close();
  await temporary.remove();
});

async function call(path: string, init: RequestInit = {}, claims: Record<string, unknown> = {}) {
  const headers = { authorization: `Bearer ${await requester.token(claims)}`, 'content-type': 'application/json' };
  const answer = await fetch(`${requester.url}${path}`, { headers, ...init });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, text, body: JSON.parse(text) };
}

const ask = (body: unknown = { agreement: 'right-to-remain', subject: somebody }, claims = {}) =>
  call('/api/v1/queries', { method: 'POST', body: JSON.stringify(body) }, claims);

const aboutSomebody = /AB123456C|okafor|1985-03-27|NM1 4QT/i;
const kept = (id: string) => findQuery(temporary.store.knex, id);

describe('a caseworker who asks', () => {
  it('is told the query’s id, the applicant’s reference, and that the mesh has it', async () => {
    const { status, body } = await ask();
    expect(status).toBe(202);
    expect(body).toEqual({ queryId: coordinator.heard[0]?.id, reference: expect.any(String), state: 'waiting' });
    expect(parseReference(body.reference)).toHaveLength(16);
    expect(await kept(body.queryId)).toMatchObject({ reference: body.reference, asker: 'user-1', role: 'caseworker' });
  });

  it('loses nothing while nobody hears it: the same bytes are asked again until they are admitted', async () => {
    coordinator.says = 'unavailable';
    const { status, body } = await ask();
    expect([status, body.state]).toEqual([202, 'asking']);
    coordinator.says = 'admitted';
    await until('the query is admitted', async () => (await kept(body.queryId))?.state === 'waiting');
    expect(new Set(coordinator.heard.map(({ bytes }) => bytes)).size).toBe(1);
    expect(coordinator.heard.length).toBeGreaterThan(1);
  });

  it('loses nothing when the process ends in between', async () => {
    coordinator.says = 'unavailable';
    const { body } = await ask();
    await requester.close();
    coordinator.says = 'admitted';
    requester = await serveRequester(parties, await temporary.reopen(), coordinator);
    await until('the query is admitted', async () => (await kept(body.queryId))?.state === 'waiting');
    expect(new Set(coordinator.heard.map(({ bytes }) => bytes)).size).toBe(1);
  });

  it('is asked once, and never said not to be, where the store fails behind it', async () => {
    await temporary.store.knex.raw(
      `create trigger full before update of admitted on queries begin select raise(abort, 'full'); end`,
    );
    const { status, body } = await ask();
    expect([status, body.state]).toEqual([202, 'asking']);
    await temporary.store.knex.raw('drop trigger full');
    expect(requester.lines.join()).toContain('query.not-asked-yet');
    await temporary.store.knex('queries').update({ ask_at: Date.now() });
    await until('the query is admitted', async () => (await kept(body.queryId))?.state === 'waiting');
    expect(new Set(coordinator.heard.map(({ bytes }) => bytes)).size).toBe(1);
  });

  it.each([
    ['lookup-taken', 409],
    ['agreement-not-in-force', 409],
    ['key-not-pinned', 502],
    ['parts-not-matching', 502],
  ] as const)('is told when the mesh refuses with %s', async (code, status) => {
    coordinator.says = code;
    const answer = await ask();
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    const row = await kept(coordinator.heard[0]?.id ?? '');
    expect(row).toMatchObject({ state: 'refused', code, parts: null, slip: null, reference: null, manifest: '' });
    // Nobody was asked about this person, so that nothing of them is kept.
    expect(JSON.stringify(row)).not.toMatch(aboutSomebody);
  });

  it('can find out about whom it was that the mesh refused later, and nothing else of it is kept', async () => {
    coordinator.says = 'unavailable';
    const { body } = await ask();
    expect(body.state).toBe('asking');
    coordinator.says = 'agreement-not-in-force';
    const row = await until('it is refused', async () => {
      const found = await kept(body.queryId);
      return found?.state === 'refused' && found;
    });
    expect(row).toMatchObject({ parts: null, slip: null, reference: null, manifest: '' });
    expect(row.fields).toContain('AB123456C');
  });

  it('too often is told when to ask again, and leaves nothing, whatever the mesh had said before', async () => {
    await requester.close();
    requester = await serveRequester(parties, temporary.store, coordinator, { limits: { perAccount: { most: 3 } } });
    coordinator.says = 'lookup-taken';
    expect((await ask()).status).toBe(409);
    coordinator.says = 'admitted';
    // What is wrong in itself is no asking.
    for (let times = 0; times < 5; times += 1)
      expect((await ask({ agreement: 'right-to-remain', subject: {} })).status).toBe(422);
    for (let times = 0; times < 2; times += 1) expect((await ask()).status).toBe(202);
    const rows = await temporary.store.knex('queries').select('id');
    const { status, body, headers } = await ask();
    expect([status, body.code]).toEqual([429, 'asked-too-often']);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(3500);
    expect(await temporary.store.knex('queries').select('id')).toEqual(rows);
    expect(coordinator.heard).toHaveLength(3);
    expect((await ask(undefined, { sub: 'user-2' })).status).toBe(202);
  });

  it('finds the agreements under which to ask, with their fields', async () => {
    const { body } = await call('/api/v1/agreements');
    const { fields } = parties.agreement.content;
    expect(body.agreements).toMatchObject([{ id: 'right-to-remain', version: 1, role: 'caseworker', fields }]);
    expect((await call('/api/v1/agreements', {}, { roles: ['clerk'] })).body).toEqual({ agreements: [] });
  });
});

describe('a question is turned down', () => {
  const question = { agreement: 'right-to-remain', subject: somebody };

  it.each([
    ['without content', null],
    ['that is no object', 'AB123456C'],
    ['with an unknown member', { ...question, AB123456C: 1 }],
    ['without an agreement', { subject: somebody }],
    ['with a list for a subject', { ...question, subject: ['AB123456C'] }],
  ])('%s, with 400', async (_what, body) => {
    const { status, text } = await ask(body);
    expect(status).toBe(400);
    expect(text).not.toContain('AB123456C');
  });

  it('with every field that is wrong by name, never a value, with 422', async () => {
    const subject = { niNumber: 'QQ123456C', surname: 5, postcode: 'NM1 4QT', nickname: 'AB123456C' };
    const { status, text, body } = await ask({ ...question, subject });
    expect([status, body.code]).toEqual([422, 'invalid-subject']);
    expect(body.errors.map(({ field, code }: Record<string, string>) => `${field} ${code}`).sort()).toEqual([
      'subject.birthDate missing',
      'subject.niNumber wrong-format',
      'subject.nickname unknown-field',
      'subject.surname wrong-type',
    ]);
    expect(text + requester.lines.join('')).not.toMatch(/QQ123456C|NM1|AB123456C/);
  });

  it('under an agreement that is not known with 404, in a role that is not allowed with 403', async () => {
    expect((await ask({ ...question, agreement: 'right-to-leave' })).status).toBe(404);
    expect((await ask({ ...question, agreement: '__proto__' })).status).toBe(404);
    expect((await ask(question, { roles: ['clerk'] })).status).toBe(403);
    expect((await ask(question, { roles: [] })).status).toBe(403);
  });

  it('without a token, or with one that has expired, with 401', async () => {
    const init = { method: 'POST', body: JSON.stringify(question), headers: { 'content-type': 'application/json' } };
    expect((await call('/api/v1/queries', init)).status).toBe(401);
    expect((await ask(question, { exp: 1 })).body.code).toBe('expired-token');
    expect((await ask(question, { aud: 'urn:other' })).body.code).toBe('invalid-token');
  });

  afterEach(async () => {
    expect(coordinator.heard.map(({ id }) => id)).toEqual([]);
    expect(await temporary.store.knex('queries').select()).toEqual([]);
  });
});

describe('the log', () => {
  const seen: string[] = [];
  afterAll(() => expect(seen.join('')).toContain('query.asked'));

  it('has neither person nor reference', async () => {
    const { body } = await ask();
    seen.push(...requester.lines);
    expect(requester.lines.join('')).not.toMatch(new RegExp(`AB123456C|okafor|${body.reference}`, 'i'));
  });
});
