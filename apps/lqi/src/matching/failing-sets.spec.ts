import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { QueryId } from '@anonymesh/protocol';
import { openPool, type Pool } from '@anonymesh/psi';
import { createSecretKey } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import { until } from '../../../../tests/mesh/until.js';
import type { RunningNats } from '../../../../tests/servers/nats.js';
import { marksBy } from '../disclosing/marks.js';
import { losing, type LosingParties } from '../fixtures/losing-parties.js';
import { openRealNode, startBroker, type RealNode } from '../fixtures/real-node.js';
import { child, makeSetMesh, type SetMesh, type SignedSet } from '../fixtures/set-mesh.js';
import { withdraw } from '../fixtures/withdraw.js';
import { examine, type Holder } from '../inbound/examine.js';
import { openPairSecrets } from '../outbound/pair-secrets.js';
import type { Row, Source } from '../sources/source.js';
import { closeSetQuery } from '../store/close-set-query.js';
import { findSetQuery, insertSetQuery, type SetQuery } from '../store/set-queries.js';
import { openSets, type OpenSets } from './open-sets.js';
import { takeUp } from './take-up.js';

let mesh: SetMesh;
let lost: LosingParties;
let agreement: SignedSet;
let withdrawn: SignedSet;
let nats: RunningNats;
let folder: string;
let node: RealNode;
let sets: OpenSets | undefined;
beforeAll(async () => {
  mesh = await makeSetMesh(['health-trust', 'police']);
  lost = losing(mesh.parties);
  agreement = await mesh.agree({ release: 'count' });
  withdrawn = await mesh.agree({ release: 'count', id: 'given-up' });
  nats = await startBroker(mesh.parties);
  folder = await mkdtemp(join(tmpdir(), 'anonymesh-lqi-'));
  node = await openRealNode(lost.parties, 'police', nats, join(folder, 'store.db'), [agreement, withdrawn]);
  await withdraw(node, withdrawn, mesh.parties.party('health-trust'));
}, 60_000);
afterAll(async () => {
  await node.close();
  await nats.stop();
  await rm(folder, { recursive: true });
});
beforeEach(async () => {
  for (const table of ['set_queries', 'outbox', 'disclosures']) await knex()(table).delete();
});
afterEach(async () => {
  await sets?.close();
  await mend();
  lost.expired.clear();
});

const knex = () => node.courier.store.knex;
const keeper = 'police-here';

const holder = (): Holder => {
  const { parties, agreements, templates } = mesh;
  const trust = { directory: parties.directory, agreements };
  return { id: 'police', keyring: parties.party('police').keyring, trust, templates };
};

/** The holder's database is an outside system: here it answers as the test says. */
async function open(stream: () => AsyncIterable<readonly Row[]> = () => rows()): Promise<Pool> {
  const source: Source = {
    run: () => Promise.reject(new Error('no check')),
    stream,
    close: async () => undefined,
  };
  const mark = marksBy(createSecretKey(Buffer.alloc(32, 7)));
  const gate = { self: lost.parties.self('police'), pairSecrets: openPairSecrets(), mark, releaseEvery: 100 };
  const pool = await openPool({ threads: 1 });
  sets = openSets({ node, holder: holder(), gate, source, pool, spill: join(folder, 'spill'), keeper });
  return pool;
}

async function* rows(): AsyncIterable<readonly Row[]> {
  yield [{ ...child(1, 'one') }, { ...child(2, 'two') }];
}

/** As it was taken up, and changed since. */
async function left(change: Partial<SetQuery>, under = agreement): Promise<QueryId> {
  const { queryId, bodies } = await mesh.ask(under);
  const body = bodies.get('police');
  const { id, kind, identity } = mesh.parties.party('coordinator');
  if (body === undefined) throw new Error('no dispatch');
  const question = examine({ body, queryId }, { id, kind, identity: identity.kid }, holder(), Date.now());
  if ('code' in question || question.kind !== 'set') throw new Error('not taken');
  const query = takeUp(node.courier.self, question, { coordinator: id, body }, keeper);
  if (typeof query === 'string') throw new Error(query);
  await node.courier.transact(({ transaction }) => insertSetQuery(transaction, { ...query, ...change }));
  return queryId;
}

const rowOf = async (queryId: QueryId) => (await findSetQuery(knex(), queryId)) as SetQuery;
const closed = async (queryId: QueryId) => {
  await until('it is closed', async () => (await rowOf(queryId)).state !== 'open');
  const { state, code } = await rowOf(queryId);
  return [state, code];
};
const isRead = (queryId: QueryId) => until('its set is read', async () => (await rowOf(queryId)).reading !== null);

/** Nothing of that query can be let out. */
const breakFor = (queryId: QueryId) =>
  knex().raw(
    `create trigger breaks before insert on disclosures when new.query_id = '${queryId}' ` +
      "begin select raise(abort, 'not now'); end",
  );
const mend = () => knex().raw('drop trigger if exists breaks');
const isLogged = (event: string, queryId: QueryId) =>
  node.lines.some((line) => line.includes(event) && line.includes(queryId));

describe('a set query that cannot be ended', () => {
  it('holds up no other, and is ended later', async () => {
    const bad = await left({ needs: 1, next_try: 0 });
    const [unapproved, ready] = [await left({ needs: 1, next_try: 1 }), await left({ next_try: 2 })];
    await breakFor(bad);
    await open();
    expect(await closed(unapproved)).toEqual(['refused', 'not-approved']);
    await isRead(ready);
    expect((await rowOf(bad)).state).toBe('open');
    expect(isLogged('set.failed', bad)).toBe(true);
    await mend();
    expect(await closed(bad)).toEqual(['refused', 'not-approved']);
  });

  it('because its agreement is over holds up no other, and is dropped when its time is over', async () => {
    const bad = await left({}, withdrawn);
    const [over, ready] = [await left({}, withdrawn), await left({})];
    await breakFor(bad);
    await open();
    expect(await closed(over)).toEqual(['refused', 'agreement-not-in-force']);
    await isRead(ready);
    expect((await rowOf(bad)).state).toBe('open');
    await knex()('set_queries').where({ query_id: bad }).update({ due: Date.now() });
    expect(await closed(bad)).toEqual(['dropped', null]);
  });

  it('because the aggregator has no key any more is dropped, and nothing is let out', async () => {
    const [bad, over] = [await left({ needs: 1, next_try: 0 }), await left({}, withdrawn)];
    lost.expired.add('aggregator');
    await open();
    for (const each of [bad, over]) {
      expect(await closed(each)).toEqual(['dropped', null]);
      expect(await rowOf(each)).toMatchObject({ dispatched: null, seed: null });
      expect(isLogged('refusal.not-told', each)).toBe(true);
    }
    expect([await knex()('outbox'), await knex()('disclosures')]).toEqual([[], []]);
  });
});

describe('a set query whose secrets do not open', () => {
  it('holds up no other, and is refused before its time is over', async () => {
    const [bad, ready] = [
      await left({ next_try: 0, seed: 'sealed to a key that is gone' }),
      await left({ next_try: 1 }),
    ];
    await open();
    await isRead(ready);
    await until('it is set aside', () => isLogged('set.failed', bad));
    expect(await rowOf(bad)).toMatchObject({ state: 'open', reading: null });
    await knex()('set_queries')
      .where({ query_id: bad })
      .update({ due: Date.now() + 3500, next_try: 0 });
    expect(await closed(bad)).toEqual(['refused', 'unavailable']);
  });
});

describe('a set that is being read while the store fails', () => {
  /** Tells how far it is in letters that cannot be put down. */
  const breakOutbox = () =>
    knex().raw("create trigger breaks before insert on outbox begin select raise(abort, 'not now'); end");

  it.each(['is read to its end', 'cannot be read either'])('%s, and is read again', async (which) => {
    const failed = Promise.withResolvers<void>();
    const failing = () => failed.resolve();
    let readings = 0;
    knex().on('query-error', failing);
    await breakOutbox();
    const queryId = await left({ next_try: 0 });
    await open(async function* () {
      readings += 1;
      if (readings === 1) {
        await failed.promise;
        for (let turns = 0; turns < 10; turns++) await turn(); // who was not waiting for it hears of it now
        if (which === 'cannot be read either') throw new TypeError('a fault of ours');
      }
      yield* rows();
    });
    await until('it is set aside', () => isLogged('set.failed', queryId));
    expect(await rowOf(queryId)).toMatchObject({ state: 'open', reading: null });
    knex().off('query-error', failing);
    await mend();
    await isRead(queryId);
    expect(readings).toBeGreaterThan(1);
  });
});

describe('a set query whose retraction came to another copy of this holder', () => {
  /** In the store all is as that copy leaves it; this one has not heard of it. */
  const takeBack = (queryId: QueryId) =>
    node.courier.transact(({ transaction }) => closeSetQuery(transaction, queryId, 'retracted'));
  const isSweptUp = (queryId: QueryId) =>
    until('nothing is on disk', () => !existsSync(join(folder, 'spill', queryId)));
  const posted = async () => (await knex()('outbox').pluck('subject')).sort();

  it('while its set was read is not said to be further', async () => {
    const [reading, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const queryId = await left({});
    await open(async function* () {
      reading.resolve();
      await goOn.promise;
      yield* rows();
    });
    await reading.promise;
    await until('it is said to be read', async () => (await posted()).length === 1);
    await wait(600); // after which more is news
    await takeBack(queryId);
    goOn.resolve();
    await isSweptUp(queryId);
    expect(await posted()).toHaveLength(1);
    expect(isLogged('set.read', queryId)).toBe(false);
  });
});
