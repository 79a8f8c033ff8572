import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  addCosignature,
  checkPart,
  checkpoint,
  cosign,
  enter,
  openJoiner,
  openTestimony,
  originOf,
  place,
  readCheckpoint,
  type OpenedTestimony,
} from '@anonymesh/evidence';
import { openLetter, subjectOf, unseal, type QueryId } from '@anonymesh/protocol';
import { testimony } from '@anonymesh/protocol-answering';
import { newKey, publicBytes } from '@anonymesh/trust';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { makeParties, type Parties } from '../../../../tests/mesh/make-parties.js';
import { until } from '../../../../tests/mesh/until.js';
import type { RunningNats } from '../../../../tests/servers/nats.js';
import { openRealNode, startBroker, type RealNode } from '../fixtures/real-node.js';
import type { Disclosure } from '../store/disclosures.js';
import { keepForAuditor, testifyAtLeisure } from './testify.js';

const day = 86_400_000;
const auditor = newKey('X25519');
const queryOf = (n: number) => n.toString(16).padStart(32, '0');
let parties: Parties;
let nats: RunningNats;
let folder: string;
let node: RealNode;
beforeAll(async () => {
  const sealing = publicBytes(auditor).toString('base64url');
  parties = await makeParties({ change: { auditor: { name: 'The auditor', contact: 'by letter', sealing } } });
  nats = await startBroker(parties);
  folder = await mkdtemp(join(tmpdir(), 'anonymesh-lqi-'));
}, 60_000);
afterAll(async () => {
  await node?.close();
  await nats?.stop();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  await node?.close();
  node = await openRealNode(parties, 'hmrc', nats, join(folder, `${Math.random()}.db`));
});

/** A query as it stands here, with its word; asked so many seconds ago. The agreement's deadline is 60 seconds. */
async function standing(n: number, state: string, word: string | undefined, secondsAgo = 70): Promise<QueryId> {
  const { hash, content } = parties.agreement;
  const queryId = queryOf(n);
  const keptUntil = Date.now() - secondsAgo * 1000 + 60_000 + content.retentionDays * day;
  await node.courier.transact(async (work) => {
    const row = { agreement: hash, coordinator: 'coordinator', due: 0, next_try: 0, tries: 0 };
    await work.transaction('subqueries').insert({ ...row, query_id: queryId, state, kept_until: keptUntil });
    if (word !== undefined) {
      keepForAuditor(work, content, { queryId, signed: Promise.resolve(word), keptUntil });
      work.enter({
        did: 'sent',
        what: 'answer',
        party: 'aggregator',
        query: queryId,
        sealed: Buffer.from('x'),
        words: word,
      });
    }
  });
  return queryId;
}

async function sign(at = Date.now()): Promise<void> {
  const { knex } = node.courier.store;
  await knex.transaction((work) => enter(work, [{ did: 'decided', what: 'something', words: 'else' }]));
  await knex.transaction((work) => place(work));
  const { identity, signing } = parties.party('hmrc');
  const log = { origin: originOf('hmrc', identity.kid), key: signing };
  const note = (await knex.transaction((work) => checkpoint(work, log, at))) ?? '';
  const read = readCheckpoint(note);
  if (read === undefined) throw new Error('nothing was signed');
  const dwp = parties.party('dwp');
  const by = { name: originOf('dwp', dwp.identity.kid), key: dwp.signing };
  const line = await cosign(read.note, by, Math.floor(Date.now() / 1000));
  await knex.transaction((work) => addCosignature(work, read.size, note, line));
}

interface Left {
  readonly queryId: QueryId;
  readonly bytes: number;
  readonly said: OpenedTestimony | string;
}

/** What has left for the aggregator, opened by the auditor. */
async function left(): Promise<Left[]> {
  const self = parties.self('aggregator');
  const on = subjectOf(testimony, self);
  const rows: { sealed: Buffer }[] = await node.courier.store.knex('outbox').where({ subject: on }).select('sealed');
  return rows.map(({ sealed }) => {
    const end = sealed.indexOf('\n');
    const text = unseal(sealed.subarray(0, end).toString('latin1'), self.keyring.sealing, { to: 'aggregator', on });
    if (typeof text === 'string') throw new Error(text);
    const now = Date.now();
    const signer = (kid: string) => self.directory.signer(kid, now);
    const opened = openLetter(
      text,
      { messages: [testimony], self, signer, now, maxAge: 60_000 },
      sealed.subarray(end + 1),
    );
    if (typeof opened === 'string') throw new Error(opened);
    const queryId = opened.queryId ?? '';
    const { pastSigner } = self.directory;
    const opening = { auditor, query: queryId, agreement: parties.agreement, party: 'hmrc', signer: pastSigner };
    return { queryId, bytes: sealed.length, said: openTestimony(String(opened.attachment), opening) };
  });
}

async function testifying<Result>(look: () => Promise<Result>): Promise<Result> {
  const closer = testifyAtLeisure(node);
  return look().finally(() => closer.close());
}

describe('a holder', () => {
  it('testifies once to each query that is over, in one size, whatever it said', async () => {
    const words = new Map([
      [await standing(1, 'answered', 'an.answer.signed'), ['an.answer.signed']],
      [await standing(2, 'refused', 'a.refusal.signed'), ['a.refusal.signed']],
      [await standing(3, 'dropped', undefined), []],
      [await standing(4, 'retracted', undefined), []],
    ]);
    await sign();
    const all = await testifying(async () => {
      await until('all have left', async () => (await left()).length >= 4);
      await wait(1500);
      return left();
    });
    expect(all.map(({ queryId }) => queryId).sort()).toEqual([...words.keys()]);
    expect(new Set(all.map(({ bytes }) => bytes)).size).toBe(1);
    for (const { queryId, said } of all) {
      if (typeof said === 'string') throw new Error(said);
      expect(said.words).toEqual(words.get(queryId));
      expect(said.template).toBe(parties.agreement.content.holders.find(({ id }) => id === 'hmrc')?.template.hash);
      expect(said.part?.entries).toHaveLength(said.words.length);
      expect(said.part?.stretches).toHaveLength(1);
    }
    expect(await node.courier.store.knex('own_words')).toEqual([]);
    expect(node.lines.filter((line) => line.includes('failed'))).toEqual([]);
  });

  it('writes down each testimony with it, alike whatever it said, to the auditor and about nobody', async () => {
    const { hash, content } = parties.agreement;
    const queries = [
      await standing(1, 'answered', 'an.answer.signed'),
      await standing(2, 'refused', 'a.refusal.signed'),
      await standing(3, 'dropped', undefined),
    ];
    await sign();
    await testifying(() => until('all have left', async () => (await left()).length >= queries.length));
    const rows: Disclosure[] = await node.courier.store.knex('disclosures').orderBy('query_id');
    expect(rows.map(({ query_id }) => query_id)).toEqual(queries);
    for (const row of rows)
      expect(row).toEqual({
        id: expect.any(Number),
        query_id: expect.any(String),
        kind: 'testimony',
        at: expect.any(Number),
        asked_at: null,
        agreement: hash,
        agreement_id: content.id,
        agreement_version: content.version,
        template: content.holders.find(({ id }) => id === 'hmrc')?.template.hash,
        template_id: null,
        template_version: null,
        requester: null,
        recipient: 'The auditor',
        records: null,
        code: null,
        mark: null,
        kept_until: expect.any(Number),
      });
    const kept: { kept_until: number }[] = await node.courier.store.knex('subqueries').orderBy('query_id');
    expect(rows.map((row) => row.kept_until)).toEqual(kept.map((row) => row.kept_until));
  });

  it('lets no testimony out that cannot be written down', async () => {
    const { knex } = node.courier.store;
    await standing(1, 'answered', 'an.answer.signed');
    await sign();
    await knex.raw("create trigger full before insert on disclosures begin select raise(abort, 'not now'); end");
    await testifying(() =>
      until('it is set aside', () => node.lines.some((line) => line.includes('testimony.failed'))),
    );
    expect(await left()).toEqual([]);
    expect(await knex('own_words').pluck('query_id')).toEqual([queryOf(1)]);
  });

  it('says nothing before a query’s time is over, nor of one that is open, nor without a checkpoint', async () => {
    await standing(1, 'answered', 'an.answer.signed', 20);
    await standing(2, 'open', undefined);
    const over = await standing(3, 'answered', 'an.answer.signed');
    await testifying(async () => {
      await wait(1500);
      expect(await left()).toEqual([]);
      await sign();
      await until('it has left', async () => (await left()).length > 0);
      await wait(1500);
    });
    expect((await left()).map(({ queryId }) => queryId)).toEqual([over]);
    expect(await node.courier.store.knex('own_words').pluck('query_id')).toEqual([queryOf(1)]);
  });

  it('testifies that its log has nothing else, however busy it was and however often it was signed meanwhile', async () => {
    const { knex } = node.courier.store;
    const join = openJoiner(knex);
    const askedAt = Date.now() - 70_000;
    let id = '';
    for (let n = 0; n < 150; n += 1) {
      const others = Array.from({ length: 10 }, (_, other) => queryOf(1000 + ((n * 7 + other) % 500)));
      const drafts = others.map((query) => ({ did: 'decided', what: 'approve', query, words: 'words' }) as const);
      await knex.transaction((work) => enter(work, drafts));
      if (n === 125) id = await standing(1, 'answered', 'an.answer.signed');
      await sign(askedAt - 250_000 + n * 2000);
      while (await join()) continue;
    }
    await sign();
    await testifying(() => until('it has left', async () => (await left()).length > 0));
    const [{ said } = { said: 'nothing' }] = await left();
    if (typeof said === 'string') throw new Error(said);
    const { identity, signing } = parties.party('hmrc');
    const by = { origin: originOf('hmrc', identity.kid), keys: [signing.publicKey] };
    const checked = checkPart(said.part, { query: id, askedAt, ...by });
    expect(checked).toMatchObject({ entries: [{ did: 'sent', what: 'answer' }], until: expect.any(Number) });
  }, 30_000);

  it('testifies also where the log has too much of a query for one size: to its word, and openly not to all', async () => {
    const id = await standing(1, 'answered', 'an.answer.signed');
    await node.courier.transact(async (work) => {
      for (let n = 0; n < 200; n += 1)
        work.enter({
          did: 'received',
          what: 'exchange',
          party: 'dwp',
          query: id,
          sealed: Buffer.from(`${n}`),
          words: `${n}`,
        });
    });
    await sign();
    await testifying(() => until('it has left', async () => (await left()).length > 0));
    const [{ said } = { said: 'nothing' }] = await left();
    if (typeof said === 'string') throw new Error(said);
    expect(said.words).toEqual(['an.answer.signed']);
    expect(said.part?.stretches).toEqual([]);
    expect(said.part?.entries).toHaveLength(2);
  });

  it('sets aside a query that fails, says which, goes on with the others, and tries it again', async () => {
    const { knex } = node.courier.store;
    const broken = await standing(1, 'answered', 'an.answer.signed', 90);
    const others = [await standing(2, 'answered', 'an.answer.signed'), await standing(3, 'dropped', undefined)];
    await sign();
    const of = { query: broken };
    const [{ salt } = { salt: null }] = await knex('evidence_entries').where(of).select('salt');
    await knex('evidence_entries').where(of).update({ salt: 5 });
    await testifying(async () => {
      await until('the others have left', async () => (await left()).length >= others.length);
      await wait(1500);
      expect((await left()).map(({ queryId }) => queryId).sort()).toEqual(others);
      await knex('evidence_entries').where(of).update({ salt });
      await until('it has left, too', async () => (await left()).length > others.length);
    });
    const faults = node.lines.filter((line) => line.includes('testimony.failed'));
    expect(faults.length).toBeGreaterThan(0);
    expect(faults.map((line) => JSON.parse(line))).toEqual(
      faults.map(() => expect.objectContaining({ level: 'error', query: broken })),
    );
  }, 20_000);
});
