import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { CheckAgreement, QueryId } from '@anonymesh/protocol';
import type { SignedAgreement } from '@anonymesh/trust';
import { createSecretKey } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../../../../tests/mesh/until.js';
import type { RunningNats } from '../../../../tests/servers/nats.js';
import { marksBy } from '../disclosing/marks.js';
import { losing, type LosingParties } from '../fixtures/losing-parties.js';
import { makeDispatch, makeLqiMesh, pinnedTax, type LqiMesh } from '../fixtures/made-dispatch.js';
import { openRealNode, startBroker, type RealNode } from '../fixtures/real-node.js';
import { withdraw } from '../fixtures/withdraw.js';
import { openPairSecrets } from '../outbound/pair-secrets.js';
import type { Source } from '../sources/source.js';
import type { Subquery } from '../store/subqueries.js';
import { openQuestions, type OpenQuestions } from './open-questions.js';

let mesh: LqiMesh;
let lost: LosingParties;
let withdrawn: SignedAgreement<CheckAgreement>;
let nats: RunningNats;
let folder: string;
let node: RealNode;
let questions: OpenQuestions | undefined;
beforeAll(async () => {
  mesh = await makeLqiMesh();
  lost = losing(mesh.parties);
  const holders = mesh.parties.agreement.content.holders.map((terms) => ({ ...terms, template: pinnedTax }));
  withdrawn = await mesh.parties.agree({ holders, id: 'given-up' });
  nats = await startBroker(mesh.parties);
  folder = await mkdtemp(join(tmpdir(), 'anonymesh-lqi-'));
  node = await openRealNode(lost.parties, 'hmrc', nats, join(folder, 'store.db'), [mesh.agreement, withdrawn]);
  await withdraw(node, withdrawn, mesh.parties.party('dwp'));
}, 60_000);
afterAll(async () => {
  await node.close();
  await nats.stop();
  await rm(folder, { recursive: true });
});
beforeEach(async () => {
  for (const table of ['subqueries', 'outbox', 'disclosures']) await knex()(table).delete();
});
afterEach(async () => {
  await questions?.close();
  await mend();
  lost.expired.clear();
});

const knex = () => node.courier.store.knex;

/** What is due is taken up from the store; every person asked about is of concern. */
function open(): void {
  const source: Source = {
    run: async () => [{ concern: 1 }],
    stream: () => {
      throw new Error('no set');
    },
    close: async () => undefined,
  };
  const self = lost.parties.self('hmrc');
  const mark = marksBy(createSecretKey(Buffer.alloc(32, 7)));
  const gate = { self, pairSecrets: openPairSecrets(), mark, releaseEvery: 100 };
  const holder = { ...mesh.holder('hmrc', mesh.agreement, withdrawn) };
  questions = openQuestions({ node, holder, gate, source });
}

/** As an earlier process left it. */
async function left(change: Partial<Subquery>, agreement = mesh.agreement): Promise<QueryId> {
  const { body, queryId } = await makeDispatch(mesh, 'hmrc', { agreement });
  const later = Date.now() + 60_000;
  const row: Subquery = {
    query_id: queryId,
    agreement: agreement.hash,
    coordinator: 'coordinator',
    dispatched: JSON.stringify(body),
    state: 'open',
    code: null,
    due: later,
    next_try: later,
    tries: 0,
    needs: 0,
    kept_until: later,
  };
  await knex()('subqueries').insert({ ...row, ...change });
  return queryId;
}

const rowOf = async (queryId: QueryId) =>
  (await knex()<Subquery>('subqueries').where({ query_id: queryId }).first()) as Subquery;
const closed = async (queryId: QueryId) => {
  await until('it is closed', async () => (await rowOf(queryId)).state !== 'open');
  const { state, code } = await rowOf(queryId);
  return [state, code];
};

/** Nothing of that query can be let out. */
const breakFor = (queryId: QueryId) =>
  knex().raw(
    `create trigger breaks before insert on disclosures when new.query_id = '${queryId}' ` +
      "begin select raise(abort, 'not now'); end",
  );
const mend = () => knex().raw('drop trigger if exists breaks');
const isLogged = (event: string, queryId: QueryId) =>
  node.lines.some((line) => line.includes(event) && line.includes(queryId));

describe('a question that cannot be ended', () => {
  it('keeps no other open, and is ended later', async () => {
    const bad = await left({ needs: 1, next_try: 0 });
    const [unapproved, ready] = [await left({ needs: 1, next_try: 1 }), await left({ next_try: 2 })];
    await breakFor(bad);
    open();
    expect(await closed(unapproved)).toEqual(['refused', 'not-approved']);
    expect(await closed(ready)).toEqual(['answered', null]);
    expect((await rowOf(bad)).state).toBe('open');
    expect(isLogged('questions.failed', bad)).toBe(true);
    await mend();
    expect(await closed(bad)).toEqual(['refused', 'not-approved']);
  });

  it('keeps no other open whose agreement is over as well, nor those that have nothing to do with it', async () => {
    const bad = await left({ needs: 1 }, withdrawn);
    const [over, ready] = [await left({ needs: 1 }, withdrawn), await left({ next_try: 0 })];
    await breakFor(bad);
    open();
    expect(await closed(over)).toEqual(['refused', 'agreement-not-in-force']);
    expect(await closed(ready)).toEqual(['answered', null]);
    expect((await rowOf(bad)).state).toBe('open');
    await mend();
    expect(await closed(bad)).toEqual(['refused', 'agreement-not-in-force']);
  });

  it('keeps no other open, however many there are of it, and is dropped when its time is over', async () => {
    const unreadable: QueryId[] = [];
    for (let n = 0; n < 60; n++) unreadable.push(await left({ next_try: 0, dispatched: '{}' }));
    const ready = await left({ next_try: 1 });
    open();
    expect(await closed(ready)).toEqual(['answered', null]);
    const [first = ''] = unreadable;
    expect(await rowOf(first)).toMatchObject({ state: 'open' });
    expect(isLogged('questions.failed', first)).toBe(true);
    await knex()('subqueries').where({ state: 'open' }).update({ due: Date.now() });
    for (const each of unreadable) expect(await closed(each)).toEqual(['dropped', null]);
  });

  it('is dropped when its time is over, though nothing of it can be let out', async () => {
    const bad = await left({ needs: 1, next_try: 0 });
    await breakFor(bad);
    open();
    await until('it was tried', () => isLogged('questions.failed', bad));
    await knex()('subqueries').where({ query_id: bad }).update({ due: Date.now() });
    expect(await closed(bad)).toEqual(['dropped', null]);
  });

  it('because the aggregator has no key any more is dropped, and nothing is let out', async () => {
    const [bad, over] = [await left({ needs: 1, next_try: 0 }), await left({}, withdrawn)];
    lost.expired.add('aggregator');
    open();
    for (const each of [bad, over]) {
      expect(await closed(each)).toEqual(['dropped', null]);
      expect(await rowOf(each)).toMatchObject({ dispatched: null });
      expect(isLogged('refusal.not-told', each)).toBe(true);
    }
    expect([await knex()('outbox'), await knex()('disclosures')]).toEqual([[], []]);
  });
});
