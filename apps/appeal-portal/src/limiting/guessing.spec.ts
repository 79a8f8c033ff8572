import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mintReference } from '@anonymesh/protocol-asking';
import { makeParties, type Parties } from '../../../../tests/mesh/make-parties.js';
import { makeAnswers, signOutcome } from '../explaining/fixtures/make-answers.js';
import { makeQuery, somebody, type MadeQuery } from '../explaining/fixtures/make-query.js';
import { paperMesh, servePortal } from '../explaining/fixtures/serve-portal.js';

const limits = {
  account: { perQuarterHour: 3 },
  address: { perQuarterHour: 8 },
  rechecks: { perQuarterHour: 2 },
};
let parties: Parties;
let folder: string;
let mesh: ReturnType<typeof paperMesh>;
let portal: Awaited<ReturnType<typeof servePortal>>;
let query: MadeQuery;

const serve = () => servePortal(parties, mesh, { floorMilliseconds: 20, limits, folder });

beforeAll(async () => {
  parties = await makeParties();
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'anonymesh-guessing-'));
  mesh = paperMesh();
  portal = await serve();
  query = await decided();
});
afterEach(async () => {
  await portal.close();
  await rm(folder, { recursive: true });
});

/** A query about somebody that has been asked and decided, again under the same reference where one is given. */
async function decided(reference?: string, t = 0): Promise<MadeQuery> {
  const made = await makeQuery(parties, reference === undefined ? {} : { reference, t });
  mesh.slips.set(made.manifest.lookupId, made.body);
  const answers = await makeAnswers(parties, made, { hmrc: true, dwp: false, council: false });
  const letters = answers.map(({ signed, explanation }) => ({ signed, explanation }));
  mesh.explanations.set(made.queryId, { outcome: await signOutcome(parties, made, answers), answers: letters });
  return made;
}

interface Who {
  readonly account?: string;
  readonly identity?: string;
  readonly address?: string;
}

async function post(path: string, reference: string, who: Who = {}) {
  const { account = 'subject-1', identity = somebody.niNumber, address = '203.0.113.7' } = who;
  const token = await portal.token({ sub: account, ni_number: identity });
  const answer = await fetch(`${portal.url}/api/v1/${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'x-forwarded-for': address,
    },
    body: JSON.stringify({ reference }),
  });
  const text = await answer.text();
  return { answer, text, status: answer.status, code: JSON.parse(text).code };
}

const guess = (who?: Who, path = 'explanations') => post(path, mintReference(), who);

describe('somebody who guesses references', () => {
  it.each(['explanations', 'rechecks'])(
    'at %s is turned away after a few, and told when to come back',
    async (path) => {
      for (let tries = 0; tries < 3; tries += 1) expect((await guess({}, path)).status).toBe(404);
      const turned = await guess({}, path);
      expect([turned.status, turned.code]).toEqual([429, 'too-many-tries']);
      expect(Number(turned.answer.headers.get('retry-after'))).toBeGreaterThan(890);
      expect(Number(turned.answer.headers.get('retry-after'))).toBeLessThanOrEqual(900);
    },
  );

  it('is turned away alike whether the next reference is wrong, another person’s, or the right one', async () => {
    for (let tries = 0; tries < 3; tries += 1) await guess();
    const other = await guess({ identity: 'AB123457C' });
    const wrong = await guess();
    const right = await post('explanations', query.reference);
    const malformed = await post('explanations', 'x');
    for (const turned of [other, right, malformed]) {
      expect([turned.status, turned.text]).toEqual([429, wrong.text]);
    }
    expect(mesh.wishes).toEqual([]);
  });

  it('cannot tell from what is counted whether a reference is another person’s', async () => {
    const stranger = { account: 'stranger', identity: 'AB123457C' };
    for (let tries = 0; tries < 3; tries += 1)
      expect((await post('explanations', query.reference, stranger)).status).toBe(404);
    expect((await post('explanations', query.reference, stranger)).status).toBe(429);
  });

  it('cannot begin anew by signing in again, by another address, or by a portal that starts anew', async () => {
    for (let tries = 0; tries < 3; tries += 1) await guess();
    expect((await guess({ address: '203.0.113.8' })).status).toBe(429);
    await portal.close();
    portal = await serve();
    expect((await guess()).status).toBe(429);
  });

  it('by a hundred tries at once gets no more than by one after the other', async () => {
    const all = await Promise.all(Array.from({ length: 100 }, () => guess()));
    expect(all.filter(({ status }) => status === 404)).toHaveLength(3);
    expect(all.filter(({ status }) => status === 429)).toHaveLength(97);
  });

  it('with many accounts is turned away by address, be it another of the same IPv6 network', async () => {
    const from = (number: number) => ({ account: `account-${number}`, address: `2001:db8::${number + 1}` });
    for (let tries = 0; tries < 8; tries += 1) expect((await guess(from(tries))).status).toBe(404);
    expect((await guess(from(9))).status).toBe(429);
    expect((await guess({ account: 'account-9', address: '2001:db8:0:1::1' })).status).toBe(404);
  });

  it('does not keep others from their own', async () => {
    for (let tries = 0; tries < 5; tries += 1) await guess({ account: 'guesser' });
    for (let tries = 0; tries < 10; tries += 1) expect((await post('explanations', query.reference)).status).toBe(200);
  });
});

describe('somebody with the right reference', () => {
  it('may look as often as wanted, also while it is not decided and while the mesh is down', async () => {
    const open = await makeQuery(parties);
    mesh.slips.set(open.manifest.lookupId, open.body);
    for (let looks = 0; looks < 6; looks += 1) {
      expect((await post('explanations', query.reference)).status).toBe(200);
      expect((await post('explanations', open.reference)).status).toBe(404);
    }
    mesh.silent = true;
    for (let looks = 0; looks < 6; looks += 1) expect((await post('explanations', query.reference)).status).toBe(503);
    mesh.silent = false;
    expect((await post('explanations', query.reference)).status).toBe(200);
  });

  it('may ask for so many re-checks and no more, each after the outcome of the one before', async () => {
    expect((await post('rechecks', query.reference)).status).toBe(202);
    for (let more = 0; more < 5; more += 1) expect((await post('rechecks', query.reference)).status).toBe(409);
    await decided(query.reference, 1);
    expect((await post('rechecks', query.reference)).status).toBe(202);
    await decided(query.reference, 2);
    const turned = await post('rechecks', query.reference);
    expect([turned.status, turned.code]).toEqual([429, 'too-many-rechecks']);
    expect(mesh.wishes).toHaveLength(2);
    expect((await post('explanations', query.reference)).status).toBe(200);
  });
});
