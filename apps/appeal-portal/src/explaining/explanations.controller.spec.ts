import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mintReference } from '@anonymesh/protocol-asking';
import { makeParties, type Parties } from '../../../../tests/mesh/make-parties.js';
import { makeAnswers, signOutcome, type OutcomeOptions } from './fixtures/make-answers.js';
import { makeQuery, somebody, type MadeQuery } from './fixtures/make-query.js';
import { paperMesh, servePortal } from './fixtures/serve-portal.js';

const floor = 150;
const mesh = paperMesh();
let parties: Parties;
let portal: Awaited<ReturnType<typeof servePortal>>;
let query: MadeQuery;

beforeAll(async () => {
  parties = await makeParties();
  portal = await servePortal(parties, mesh, { floorMilliseconds: floor });
});
afterAll(() => portal.close());
beforeEach(async () => {
  for (const kept of [mesh.slips, mesh.explanations]) kept.clear();
  mesh.wishes.length = 0;
  portal.lines.length = 0;
  Object.assign(mesh, { fault: undefined, silent: false, fate: 'sent' });
  query = await makeQuery(parties);
  admit(query);
});

function admit(made: MadeQuery): void {
  mesh.slips.set(made.manifest.lookupId, made.body);
}

async function decide(made: MadeQuery, concerns: Record<string, boolean>, lie: OutcomeOptions = {}): Promise<void> {
  const answers = await makeAnswers(parties, made, concerns);
  const outcome = await signOutcome(parties, made, answers, lie);
  mesh.explanations.set(made.queryId, {
    outcome,
    answers: answers.map(({ signed, explanation }) => ({ signed, explanation })),
  });
}

async function post(path: string, body: unknown, claims: Record<string, unknown> = { ni_number: somebody.niNumber }) {
  const started = performance.now();
  const answer = await fetch(`${portal.url}/api/v1/${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${await portal.token(claims)}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  return { answer, text, body: JSON.parse(text), milliseconds: performance.now() - started };
}

const explain = (reference: string, claims?: Record<string, unknown>) => post('explanations', { reference }, claims);

describe('a subject at the portal', () => {
  it('learns which holder had a concern, why, and how to reach it', async () => {
    await decide(query, { hmrc: true, dwp: false, council: false });
    const { answer, body } = await explain(query.reference);
    expect(answer.status).toBe(200);
    expect(body).toEqual({
      agreement: { id: 'right-to-remain', version: 1, title: 'Right to remain' },
      purpose: 'To decide an application for the right to remain',
      askedBy: 'The immigration',
      askedAt: new Date(query.manifest.issuedAt).toISOString(),
      outcome: 'concern',
      concerns: [{ holder: 'The hmrc', reason: 'hmrc found something', contact: 'appeals@hmrc.example' }],
      concernFrom: 1,
      answered: 3,
      holders: 3,
      recheck: 'possible',
    });
  });

  it('learns of answers that are missing, and of concerns that were too few to count', async () => {
    await decide(query, { hmrc: false, dwp: false });
    const part = { outcome: 'refer', concerns: [], concernFrom: 1, answered: 2, holders: 3 };
    expect((await explain(query.reference)).body).toMatchObject(part);
    const agreement = await parties.agree({ combination: { atLeast: 2 } });
    (parties.trust.agreements as Map<string, typeof agreement>).set(agreement.hash, agreement);
    const others = { ...parties, agreement };
    const made = await makeQuery(others);
    admit(made);
    const answers = await makeAnswers(others, made, { hmrc: true, dwp: false, council: false });
    const letters = answers.map(({ signed, explanation }) => ({ signed, explanation }));
    mesh.explanations.set(made.queryId, { outcome: await signOutcome(others, made, answers), answers: letters });
    const few = { outcome: 'clear', concerns: [{ holder: 'The hmrc' }], concernFrom: 2, answered: 3, holders: 3 };
    expect((await explain(made.reference)).body).toMatchObject(few);
  });

  it('may type the reference in any way', async () => {
    await decide(query, { hmrc: false, dwp: false, council: false });
    const typed = ` ${query.reference.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l')} `;
    expect((await explain(typed)).body).toMatchObject({ outcome: 'clear', concerns: [] });
  });

  it('sees the newest asking that has been decided', async () => {
    await decide(query, { hmrc: true, dwp: false, council: false });
    const again = await makeQuery(parties, { reference: query.reference, t: 1 });
    admit(again);
    expect((await explain(query.reference)).body.outcome).toBe('concern');
    await decide(again, { hmrc: false, dwp: false, council: false });
    expect((await explain(query.reference)).body.outcome).toBe('clear');
  });

  it('can ask for a new check of the newest asking, once that has been decided', async () => {
    expect((await post('rechecks', { reference: query.reference })).answer.status).toBe(404);
    await decide(query, { hmrc: true, dwp: false, council: false });
    const { answer, body } = await post('rechecks', { reference: query.reference });
    expect([answer.status, body]).toEqual([202, { state: 'asked' }]);
    expect(mesh.wishes).toEqual([{ queryId: query.queryId, requester: 'immigration' }]);
  });

  it('is told whether a re-check is possible, has been asked for, or has begun, and cannot ask for another', async () => {
    await decide(query, { hmrc: true, dwp: false, council: false });
    const recheck = async () => (await explain(query.reference)).body.recheck;
    const again = async () => {
      const { answer, body } = await post('rechecks', { reference: query.reference });
      return [answer.status, body.code];
    };
    expect(await recheck()).toBe('possible');
    await post('rechecks', { reference: query.reference });
    expect(await recheck()).toBe('asked');
    expect(await again()).toEqual([409, 'already-asked']);
    const anew = await makeQuery(parties, { reference: query.reference, t: 1 });
    admit(anew);
    expect(await recheck()).toBe('under-way');
    expect(await again()).toEqual([409, 'already-asked']);
    expect(mesh.wishes).toHaveLength(1);
    await decide(anew, { hmrc: false, dwp: false, council: false });
    expect(await recheck()).toBe('possible');
  });

  it.each([
    ['already-sent', 409, 'already-asked'],
    ['unavailable', 503, 'mesh-down'],
  ] as const)('whose wish is %s is told with %d', async (fate, status, code) => {
    await decide(query, { hmrc: true, dwp: false, council: false });
    mesh.fate = fate;
    const { answer, body } = await post('rechecks', { reference: query.reference });
    expect([answer.status, body.code]).toEqual([status, code]);
  });

  it('finds the description of the API and the health of the process without a token', async () => {
    const document = JSON.parse(await (await fetch(`${portal.url}/openapi.json`)).text());
    expect(Object.keys(document.paths)).toEqual(['/api/v1/explanations', '/api/v1/rechecks', '/openapi.json']);
    expect((await fetch(`${portal.url}/health/ready`)).status).toBe(200);
  });
});

describe('a failed appeal', () => {
  const self = { ni_number: somebody.niNumber };
  const failures: [what: string, code: string, () => unknown, Record<string, string>][] = [
    ['a reference that was guessed', 'nothing-found', () => mintReference(), self],
    ['no reference at all', 'reference-malformed', () => 'QQ123456C', self],
    ['a reference with a wrong check symbol', 'reference-malformed', () => mistyped(query.reference), self],
    ['the reference of another person', 'another-person', () => {}, { ni_number: 'AB123457C' }],
    ['an identity that is none', 'identity-malformed', () => {}, { ni_number: 'nobody' }],
    ['a query that is not decided', 'not-decided', () => {}, self],
    [
      'an outcome that was changed',
      'masks-do-not-conclude',
      () => decide(query, concerned, { outcome: 'clear' }),
      self,
    ],
    ['a fault of our own', 'faulty', () => void (mesh.fault = new Error(somebody.niNumber)), self],
    ['a slip that was moved here', 'manifest-differs', moveSlip, self],
  ];
  const concerned = { hmrc: true, dwp: false, council: false };

  async function moveSlip(): Promise<void> {
    const other = await makeQuery(parties);
    mesh.slips.set(query.manifest.lookupId, { ...query.body, slip: other.body.slip });
  }

  /** Since it was asked last: how many were counted under each code that there is. */
  async function counted(): Promise<Record<string, number>> {
    const lines = (await portal.metrics.print()).matchAll(
      /^anonymesh_appeals_not_explained_total\{code="(.+)"\} (\d+)$/gm,
    );
    const now = new Map([...lines].map(([, each = '', count]) => [each, Number(count)]));
    const since = Object.fromEntries([...now].map(([each, count]) => [each, count - (before.get(each) ?? 0)]));
    before = now;
    return since;
  }
  let before = new Map<string, number>();

  it.each(failures)('with %s is told from no other, and is over no sooner', async (_what, code, prepare, claims) => {
    const prepared = await prepare();
    await counted();
    const reference = typeof prepared === 'string' ? prepared : query.reference;
    const { answer, body, text, milliseconds } = await explain(reference, claims);
    expect(await counted()).toEqual({ unavailable: 0, faulty: 0, other: 0, [code === 'faulty' ? code : 'other']: 1 });
    expect(answer.status).toBe(404);
    expect(body).toEqual({
      type: 'urn:anonymesh:problem:not-explained',
      title: 'There is nothing to explain under this reference for this person',
      status: 404,
      code: 'not-explained',
    });
    Object.assign(mesh, { fault: undefined, silent: false });
    expect(headersOf(answer)).toEqual(headersOf((await explain(mintReference())).answer));
    expect(milliseconds).toBeGreaterThan(floor - 5);
    expect(portal.lines.join('')).toContain(`"code":"${code}"`);
    expect(portal.lines.join('') + text).not.toMatch(new RegExp(`${somebody.niNumber}|${reference}`));
  });
});

describe('a mesh that cannot be reached', () => {
  it('is told to everybody alike, whatever the reference, and no sooner', async () => {
    await decide(query, { hmrc: true, dwp: false, council: false });
    mesh.silent = true;
    const self = { ni_number: somebody.niNumber };
    const other = { ni_number: 'AB123457C' };
    for (const path of ['explanations', 'rechecks'])
      for (const [reference, claims] of [
        [query.reference, self],
        [query.reference, other],
        [mintReference(), self],
      ] as const) {
        const { answer, body, milliseconds } = await post(path, { reference }, claims);
        expect(answer.status).toBe(503);
        expect(body).toEqual({
          type: 'urn:anonymesh:problem:mesh-down',
          title: 'The mesh cannot be reached at the moment',
          status: 503,
          code: 'mesh-down',
        });
        expect(milliseconds).toBeGreaterThan(floor - 5);
      }
  });
});

describe('the portal turns away', () => {
  const body = JSON.stringify({ reference: 'x' });
  it.each([
    ['nobody in particular', undefined, 'missing-token'],
    ['a token that is none', 'Bearer x.y.z', 'invalid-token'],
  ])('%s with 401', async (_who, authorization, code) => {
    const headers = { 'content-type': 'application/json', ...(authorization === undefined ? {} : { authorization }) };
    for (const path of ['explanations', 'rechecks']) {
      const answer = await fetch(`${portal.url}/api/v1/${path}`, { method: 'POST', headers, body });
      expect([answer.status, JSON.parse(await answer.text()).code]).toEqual([401, code]);
    }
  });

  it('an expired token with 401', async () => {
    const { answer, body: problem } = await explain(query.reference, { ni_number: somebody.niNumber, exp: 1 });
    expect([answer.status, problem.code]).toEqual([401, 'expired-token']);
  });

  it.each([{}, { ni_number: '' }, { ni_number: 7 }, { ni_number: [somebody.niNumber] }])(
    'a user without verified identity (%j) with 403',
    async (claims) => {
      const { answer, body: problem } = await explain(query.reference, claims);
      expect([answer.status, problem.code]).toEqual([403, 'identity-not-verified']);
    },
  );

  it.each([
    {},
    { reference: 5 },
    { reference: '' },
    { reference: 'x'.repeat(65) },
    { reference: 'x', more: 1 },
    'x',
    null,
  ])('the body %j with 400', async (input) => {
    expect((await post('explanations', input)).answer.status).toBe(400);
    expect((await post('rechecks', input)).answer.status).toBe(400);
  });
});

/** The check symbol changed to another one. */
function mistyped(reference: string): string {
  return reference.slice(0, -1) + (reference.endsWith('7') ? '8' : '7');
}

function headersOf({ headers }: Response): Record<string, string> {
  return Object.fromEntries([...headers].filter(([name]) => name !== 'date'));
}
