import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { clockTolerance, type BodyOf, type Opened } from '@anonymesh/protocol';
import type { answer } from '@anonymesh/protocol-answering';
import { NotYet, type Work } from '@anonymesh/courier';
import { enter, entriesAbout, place } from '@anonymesh/evidence';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeParties, type Parties } from '../../../../tests/mesh/make-parties.js';
import { until } from '../../../../tests/mesh/until.js';
import type { RunningNats } from '../../../../tests/servers/nats.js';
import { startPostgres, type PrivatePostgres } from '../../../../tests/servers/postgres.js';
import { answerOf, expectQuery, refusalOf } from '../fixtures/made-letters.js';
import { openRealNode, startBroker, type RealNode } from '../fixtures/real-node.js';
import { eraseExpired } from '../store/erase-expired.js';
import { findQuery, type Query } from '../store/queries.js';
import { AnswerController } from './answer.controller.js';
import { watchDeadlines } from './deadlines.js';
import { ExpectController } from './expect.controller.js';

let parties: Parties;
let nats: RunningNats;
let postgres: PrivatePostgres;
let folder: string;
beforeAll(async () => {
  parties = await makeParties({ deadlineSeconds: 60, requesters: ['immigration', 'childrens-services'] });
  [nats, postgres] = await Promise.all([startBroker(parties), startPostgres()]);
  folder = await mkdtemp(join(tmpdir(), 'anonymesh-aggregator-'));
}, 60_000);
afterAll(async () => {
  await Promise.all([nats.stop(), postgres.stop()]);
  await rm(folder, { recursive: true });
});

describe.each(['embedded', 'postgres'] as const)('the aggregator on the %s store', (kind) => {
  let node: RealNode;
  let expecting: ExpectController;
  let answering: AnswerController;
  beforeAll(async () => {
    node = await openRealNode(parties, nats, {
      store: kind === 'embedded' ? { kind, file: join(folder, 'store.db') } : { kind, url: postgres.url },
      spool: join(folder, kind),
    });
    [expecting, answering] = [new ExpectController(node), new AnswerController(node)];
  });
  afterAll(() => node.close());
  beforeEach(async () => {
    for (const table of ['queries', 'words', 'outbox']) await node.courier.store.knex(table).delete();
  });

  const inOne = (effect: (work: Work) => Promise<void>) => node.courier.transact(effect);
  const expectIt = async (given?: Awaited<ReturnType<typeof expectQuery>>) => {
    const made = given ?? (await expectQuery(parties));
    return inOne((work) => expecting.take(made.letter, work)).then(() => made.queryId);
  };
  const answerIt = (letter: Opened<BodyOf<typeof answer>>) => inOne((work) => answering.takeAnswer(letter, work));
  const refuseIt = (holder: string, queryId: string) =>
    inOne(async (work) => answering.takeRefusal(await refusalOf(parties, holder, queryId), work));
  const query = (id: string) => findQuery(node.courier.store.knex, id) as Promise<Query>;
  const posted = () => node.courier.store.knex('outbox').pluck<string[]>('subject');
  const outcomeOf = async (id: string) => {
    const { outcome } = await query(id);
    const [, payload = ''] = outcome?.split('.') ?? [];
    return (JSON.parse(Buffer.from(payload, 'base64url').toString()) as { body: object }).body;
  };

  it('decides once every holder has spoken, and tells the coordinator alone, once', async () => {
    const id = await expectIt();
    for (const holder of ['hmrc', 'dwp']) await answerIt(await answerOf(parties, holder, id));
    expect(await query(id)).toMatchObject({ state: 'open', outcome: null });
    await refuseIt('council', id);
    expect((await query(id)).state).toBe('decided');
    expect(await outcomeOf(id)).toMatchObject({ outcome: 'refer', code: 'holder-refused', answered: 2, holders: 3 });
    expect(await posted()).toEqual(['mesh.coordinator.outcome']);
  });

  it('counts words that came before the query was expected', async () => {
    const made = await expectQuery(parties);
    for (const holder of ['hmrc', 'dwp', 'council']) await answerIt(await answerOf(parties, holder, made.queryId));
    await expectIt(made);
    expect(await outcomeOf(made.queryId)).toMatchObject({ outcome: 'refer', code: 'answers-disagree', answered: 3 });
  });

  it('keeps words on a query that nobody expects until it cannot come any more, and no longer', async () => {
    const { queryId } = await expectQuery(parties);
    const began = Date.now();
    await answerIt(await answerOf(parties, 'hmrc', queryId));
    const [word] = await node.courier.store.knex('words');
    const longest = parties.agreement.content.deadlineSeconds * 1000 + clockTolerance;
    expect(word.kept_until).toBeGreaterThanOrEqual(began + longest);
    expect(word.kept_until).toBeLessThanOrEqual(Date.now() + longest);
    await eraseExpired(node.courier.store.knex, word.kept_until);
    expect(await node.courier.store.knex('words')).toEqual([]);
  });

  it('keeps them as long as others once their query is decided, and what the log says of it', async () => {
    const made = await expectQuery(parties);
    await answerIt(await answerOf(parties, 'hmrc', made.queryId));
    await expectIt(made);
    const other = await parties.agree({ version: 3, retentionDays: 1 });
    node.trust.agreements.set(other.hash, other);
    const strange = await expectQuery(parties);
    await answerIt(await answerOf(parties, 'dwp', strange.queryId, other));
    await expectIt(strange);
    for (const { queryId } of [made, strange])
      for (const holder of ['hmrc', 'dwp', 'council'])
        await answerIt(await answerOf(parties, holder, queryId)).catch(() => undefined);
    const { knex } = node.courier.store;
    const { kept_until } = await query(made.queryId);
    const words = await knex('words').where({ query_id: made.queryId }).orderBy('holder');
    expect(words.map(({ unexpected }) => Boolean(unexpected))).toEqual([false, false, false]);
    for (const word of words) expect(word.kept_until).toBeGreaterThanOrEqual(kept_until);
    expect(words.find(({ holder }) => holder === 'hmrc').kept_until).toBe(kept_until);

    await knex.transaction((work) =>
      enter(work, [{ did: 'decided', what: 'said', query: strange.queryId, words: 'so' }]),
    );
    await knex.transaction((work) => place(work));
    await eraseExpired(knex, Date.now() + 3_600_000);
    expect(await knex('words').where({ query_id: strange.queryId, holder: 'dwp' })).toEqual([]);
    const salts = (await entriesAbout(knex, strange.queryId)).map(({ salt }) => salt?.length);
    expect(salts).toEqual([16]);
  });

  it('takes no more of them from one holder than there is room for, and those come again', async () => {
    const { knex } = node.courier.store;
    const word = { agreement: 'A'.repeat(43), kind: 'answer', signed: 'a.b.c', explanation: null, kept_until: 0 };
    const early = (index: number) => ({ ...word, query_id: `${index}`, holder: 'hmrc', unexpected: true });
    const rows = Array.from({ length: 10_000 }, (_, index) => early(index));
    await knex.batchInsert('words', rows, 100);
    const { queryId } = await expectQuery(parties);
    await expect(answerIt(await answerOf(parties, 'hmrc', queryId))).rejects.toBeInstanceOf(NotYet);
    await answerIt(await answerOf(parties, 'dwp', queryId));
    await answerIt(await answerOf(parties, 'hmrc', await expectIt()));
    await knex('words').where({ query_id: '7' }).delete();
    await answerIt(await answerOf(parties, 'hmrc', queryId));
  });

  it('counts the first word of a holder, and no second', async () => {
    const id = await expectIt();
    await refuseIt('hmrc', id);
    await expect(answerIt(await answerOf(parties, 'hmrc', id))).rejects.toMatchObject({ code: 'replayed' });
    expect(await node.courier.store.knex('words').pluck('kind')).toEqual(['refusal']);
  });

  it('takes no word after the decision', async () => {
    const id = await expectIt();
    for (const holder of ['hmrc', 'dwp', 'council']) await refuseIt(holder, id);
    const before = await query(id);
    await expect(refuseIt('hmrc', id)).rejects.toMatchObject({ code: 'deadline-passed' });
    expect(await query(id)).toEqual(before);
  });

  it('takes a query up once', async () => {
    const made = await expectQuery(parties);
    await expectIt(made);
    await expect(expectIt(made)).rejects.toMatchObject({ code: 'replayed' });
    expect(await node.courier.store.knex('queries').pluck('id')).toEqual([made.queryId]);
  });

  it('expects no query that its requester did not ask so, or that nobody may ask', async () => {
    const refusedAs = (code: string, made: Awaited<ReturnType<typeof expectQuery>>) =>
      expect(expectIt(made)).rejects.toMatchObject({ code });
    await refusedAs('query-differs', await expectQuery(parties, {}, { queryId: 'ab'.repeat(16) }));
    await refusedAs('unknown-agreement', await expectQuery(parties, { agreement: 'A'.repeat(43) }));
    await refusedAs('deadline-passed', await expectQuery(parties, { issuedAt: Date.now() - 61_000 }));
    await refusedAs('from-the-future', await expectQuery(parties, { issuedAt: Date.now() + 600_000 }));
    expect(await node.courier.store.knex('queries')).toEqual([]);
  });

  it('hears nobody who is no holder of the agreement, and nobody under an agreement that it does not know', async () => {
    const id = await expectIt();
    const other = await parties.agree({ version: 2 });
    await expect(answerIt(await answerOf(parties, 'hmrc', id, other))).rejects.toMatchObject({
      code: 'key-not-pinned',
    });
    const stranger = await makeParties();
    await expect(answerIt(await answerOf(stranger, 'hmrc', id, parties.agreement))).rejects.toMatchObject({
      code: 'key-not-pinned',
    });
  });

  it('decides at the deadline with what there is, though another query cannot be settled', async () => {
    const [broken, late] = [await expectIt(), await expectIt()];
    await answerIt(await answerOf(parties, 'hmrc', late));
    const { knex } = node.courier.store;
    const word = { holder: 'hmrc', kind: 'answer', signed: 'no.answer.at-all', explanation: null, kept_until: 0 };
    await knex('words').insert({ ...word, query_id: broken, agreement: parties.agreement.hash });
    await knex('queries').where({ id: broken }).update({ due: 1 });
    await knex('queries').where({ id: late }).update({ due: Date.now() });
    const deadlines = watchDeadlines(node);
    await until('the other is decided', async () => (await query(late)).state === 'decided');
    await deadlines.close();
    expect(await outcomeOf(late)).toMatchObject({ outcome: 'refer', code: 'not-all-answered', answered: 1 });
    expect((await query(broken)).state).toBe('open');
    expect(node.lines.some((line) => line.includes('query.not-settled') && line.includes(broken))).toBe(true);
  });

  const unreadable = { holder: 'hmrc', kind: 'answer', signed: 'no.answer.at-all', explanation: null, kept_until: 0 };
  const kinds: readonly [string, Partial<Query>, readonly object[]][] = [
    ['whose words cannot be read', {}, [unreadable]],
    ['under an agreement that is not known any more', { agreement: 'A'.repeat(43) }, []],
  ];

  it.each(kinds)('decides at the deadline, however many others there are %s', async (_what, change, words) => {
    const { knex } = node.courier.store;
    const agreement = parties.agreement.hash;
    const late = await expectIt();
    await knex('queries').where({ id: late }).update({ due: 2 });
    const row = { ...(await query(late)), ...change, due: 1 };
    const stuck = Array.from({ length: 510 }, (_, index) => index.toString(16).padStart(32, '0'));
    await knex.batchInsert(
      'queries',
      stuck.map((id) => ({ ...row, id })),
      100,
    );
    const said = stuck.flatMap((id) => words.map((word) => ({ ...word, query_id: id, agreement })));
    await knex.batchInsert('words', said, 100);
    const deadlines = watchDeadlines(node);
    try {
      await until('the one that can be is decided', async () => (await query(late)).state === 'decided');
      const [first = ''] = stuck;
      expect((await query(first)).state).toBe('open');
      await knex('words').where({ query_id: first }).delete();
      await knex('queries').where({ id: first }).update({ agreement });
      await until('so is one that was, once it can be', async () => (await query(first)).state === 'decided');
    } finally {
      await deadlines.close();
    }
  });

  it('ends a query whose requester is no longer who the agreement pins, and tells it nothing', async () => {
    const id = await expectIt();
    await node.courier.store.knex('queries').where({ id }).update({ requester: 'somebody-else' });
    for (const holder of ['hmrc', 'dwp', 'council']) await refuseIt(holder, id);
    expect((await query(id)).state).toBe('decided');
    expect(await posted()).toEqual([]);
  });
});
