import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openLetter, unseal } from '@anonymesh/protocol';
import { answer, refusal } from '@anonymesh/protocol-answering';
import { createSecretKey } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../../../../tests/mesh/until.js';
import type { RunningNats } from '../../../../tests/servers/nats.js';
import { marksBy } from '../disclosing/marks.js';
import { checkOf, makeDispatch, makeLqiMesh, type LqiMesh } from '../fixtures/made-dispatch.js';
import { openRealNode, startBroker, type RealNode } from '../fixtures/real-node.js';
import { examine } from '../inbound/examine.js';
import type { CheckQuestion } from '../inbound/question.js';
import { openPairSecrets } from '../outbound/pair-secrets.js';
import { SourceFault } from '../sources/source-fault.js';
import type { Parameters, Row, Source } from '../sources/source.js';
import type { Disclosure } from '../store/disclosures.js';
import { closeSubqueries, type Subquery } from '../store/subqueries.js';
import { openQuestions, type OpenQuestions } from './open-questions.js';

let mesh: LqiMesh;
let nats: RunningNats;
let folder: string;
let node: RealNode;
const opened: OpenQuestions[] = [];
beforeAll(async () => {
  mesh = await makeLqiMesh();
  nats = await startBroker(mesh.parties);
  folder = await mkdtemp(join(tmpdir(), 'anonymesh-lqi-'));
  node = await openRealNode(mesh.parties, 'hmrc', nats, join(folder, 'store.db'), [mesh.agreement]);
}, 60_000);
afterAll(async () => {
  await node.close();
  await nats.stop();
  await rm(folder, { recursive: true });
});
beforeEach(async () => {
  for (const table of ['subqueries', 'outbox', 'disclosures']) await node.courier.store.knex(table).delete();
});
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});

const gridOf = 100;
const mark = marksBy(createSecretKey(Buffer.alloc(32, 7)));

/** The holder's database is an outside system: here it answers as the test says. */
function open(run: (parameters: Parameters) => Promise<readonly Row[]>): OpenQuestions {
  const source: Source = {
    run: (_statement, parameters) => run(parameters),
    stream: () => {
      throw new Error('no set');
    },
    close: async () => undefined,
  };
  const gate = { self: mesh.parties.self('hmrc'), pairSecrets: openPairSecrets(), mark, releaseEvery: gridOf };
  const questions = openQuestions({ node, holder: mesh.holder('hmrc'), gate, source });
  opened.push(questions);
  return questions;
}

/** A question that was taken up and committed, as the controller leaves it. */
async function takenUp(niNumber: string, nextTry = Date.now() + 60_000): Promise<CheckQuestion> {
  const { body, queryId } = await makeDispatch(mesh, 'hmrc', {
    fields: { niNumber, birthDate: '1985-03-27', postcode: 'NM1 4QT' },
  });
  const question = checkOf(examine({ body, queryId }, mesh.coordinator, mesh.holder('hmrc'), Date.now()));
  const row: Subquery = {
    query_id: queryId,
    agreement: mesh.agreement.hash,
    coordinator: 'coordinator',
    dispatched: JSON.stringify(body),
    state: 'open',
    code: null,
    due: question.due,
    next_try: nextTry,
    tries: 0,
    needs: 0,
    kept_until: question.due,
  };
  await node.courier.store.knex('subqueries').insert(row);
  return question;
}

const rowOf = async ({ queryId }: CheckQuestion) =>
  (await node.courier.store.knex<Subquery>('subqueries').where({ query_id: queryId }).first()) as Subquery;
const isClosed = (question: CheckQuestion) =>
  until('it is closed', async () => (await rowOf(question)).state !== 'open');

interface Let {
  readonly sealed: Buffer;
  readonly not_before: number;
}
const letOut = () => node.courier.store.knex('outbox').select<Let[]>('sealed', 'not_before');

/** What the aggregator reads of what was let out. */
async function words() {
  const now = Date.now();
  const { keyring } = mesh.parties.party('aggregator');
  return (await letOut()).map(({ sealed }) => {
    const text = unseal(sealed.toString('latin1'), keyring.sealing, { to: 'aggregator', on: 'mesh.aggregator.answer' });
    if (typeof text === 'string') throw new Error(text);
    const signer = (kid: string) => mesh.parties.directory.signer(kid, now);
    const self = { id: 'aggregator', kind: 'aggregator' } as const;
    const letter = openLetter(text, { messages: [answer, refusal], self, signer, now, maxAge: 60_000 });
    if (typeof letter === 'string') throw new Error(letter);
    return { name: letter.message.name, queryId: letter.queryId, body: letter.body };
  });
}

describe('an open question', () => {
  it('is answered once, and forgotten', async () => {
    const question = await takenUp('AB123456C');
    const seen: Parameters[] = [];
    const questions = open(async (parameters) => {
      seen.push(parameters);
      return [{ concern: 1 }];
    });
    questions.take(question);
    questions.take(question);
    await isClosed(question);
    expect(await rowOf(question)).toMatchObject({ state: 'answered', dispatched: null });
    expect(await words()).toMatchObject([{ name: 'answer', queryId: question.queryId }]);
    expect(seen).toEqual([{ niNumber: 'AB123456C', asOf: new Date().toISOString().slice(0, 10) }]);
  });

  it('leaves on the grid, in one size, whether it is a concern, none, or a refusal', async () => {
    const questions = open(async ({ niNumber }) => [
      { concern: niNumber === 'AB123456C' ? 1 : niNumber === 'AB123456D' ? 0 : 7 },
    ]);
    const all = [await takenUp('AB123456C'), await takenUp('AB123456D'), await takenUp('AB123456A')];
    for (const question of all) questions.take(question);
    for (const question of all) await isClosed(question);
    expect((await words()).map(({ name }) => name).sort()).toEqual(['answer', 'answer', 'refusal']);
    expect(await rowOf(all[2] as CheckQuestion)).toMatchObject({ state: 'refused', code: 'source-unfit' });
    const out = await letOut();
    expect(new Set(out.map(({ sealed }) => sealed.length)).size).toBe(1);
    for (const { not_before: notBefore } of out) expect(notBefore % gridOf).toBe(0);
  });

  it('does not wait for one of another template that takes long', async () => {
    let release = () => {};
    const locked = new Promise<void>((settle) => (release = settle));
    const questions = open(async ({ niNumber }) => {
      if (niNumber === 'AB123456C') await locked;
      return [{ concern: 0 }];
    });
    const [slow, quick] = [await takenUp('AB123456C'), await takenUp('AB123456D')];
    const template = { ...quick.terms.template, hash: 'of another template' };
    questions.take(slow);
    questions.take({ ...quick, terms: { ...quick.terms, template } });
    await isClosed(quick);
    expect(await rowOf(slow)).toMatchObject({ state: 'open' });
    release();
    await isClosed(slow);
  });

  it('is tried again while the database is away, and answered once it is back', async () => {
    let tries = 0;
    const question = await takenUp('AB123456C');
    const questions = open(async () => {
      tries += 1;
      if (tries === 1) throw new SourceFault('unavailable', new Error('no route to AB123456C'));
      return [{ concern: 0 }];
    });
    questions.take(question);
    await isClosed(question);
    expect([tries, (await rowOf(question)).state, (await rowOf(question)).tries]).toEqual([2, 'answered', 1]);
    expect(node.lines.join()).not.toContain('AB123456C');
  });

  it('does not hold up the others where it cannot be answered for a reason of ours', async () => {
    const [bad, ...good] = [
      await takenUp('AB123456C'),
      await takenUp('AB123456D'),
      await takenUp('AB123456A'),
    ] as const;
    const questions = open(async ({ niNumber }) => {
      if (niNumber === 'AB123456C') throw new TypeError('a fault of ours');
      return [{ concern: 1 }];
    });
    for (const question of [bad, ...good]) questions.take(question);
    for (const question of good) await isClosed(question);
    await until('it is set aside', async () => (await rowOf(bad)).tries === 1);
    expect((await words()).map(({ queryId }) => queryId).sort()).toEqual(good.map(({ queryId }) => queryId).sort());
    expect((await rowOf(bad)).next_try).toBeGreaterThan(Date.now());
    expect(node.lines.some((line) => line.includes('questions.failed') && line.includes(bad.queryId))).toBe(true);
  });

  it('that another process left is taken up from the store, and verified anew', async () => {
    const [left, spoilt] = [await takenUp('AB123456C', 0), await takenUp('AB123456D', 0)];
    const other = await makeDispatch(mesh, 'hmrc');
    await node.courier.store
      .knex('subqueries')
      .where({ query_id: spoilt.queryId })
      .update({ dispatched: JSON.stringify(other.body) });
    open(async () => [{ concern: 0 }]);
    await isClosed(left);
    await isClosed(spoilt);
    expect([(await rowOf(left)).state, (await rowOf(spoilt)).state]).toEqual(['answered', 'dropped']);
    expect((await words()).map(({ queryId }) => queryId)).toEqual([left.queryId]);
  });

  it('leaves one row in the log of what left, the same whatever the answer, and under the keyed mark of the person', async () => {
    const concerned: Readonly<Record<string, number>> = { AB123456C: 1, AB123456D: 0, AB123456A: 7 };
    const questions = open(async ({ niNumber = '' }) => [{ concern: concerned[niNumber] }]);
    const all = [await takenUp('AB123456C'), await takenUp('AB123456D'), await takenUp('AB123456A')];
    for (const question of all) questions.take(question);
    for (const question of all) await isClosed(question);
    const rows = await node.courier.store.knex<Disclosure>('disclosures').orderBy('id');
    const of = ({ queryId }: CheckQuestion) => rows.filter((row) => row.query_id === queryId);
    const [yes = [], no = [], refused = []] = all.map((question) => of(question));
    expect([yes.length, no.length, refused.length, rows.length]).toEqual([1, 1, 1, 3]);
    const alike = { id: 0, query_id: '', at: 0, asked_at: 0, mark: '', kept_until: 0 };
    expect({ ...yes[0], ...alike }).toEqual({ ...no[0], ...alike });
    expect(Object.entries(yes[0] ?? {}).map(([name, value]) => [name, typeof value])).toEqual(
      Object.entries(no[0] ?? {}).map(([name, value]) => [name, typeof value]),
    );
    expect(yes[0]).toMatchObject({
      kind: 'answer',
      agreement: mesh.agreement.hash,
      template_id: 'tax-returns',
      requester: 'immigration',
      recipient: 'aggregator',
      mark: mark('ni-number', 'AB123456C'),
    });
    expect(refused[0]).toMatchObject({ kind: 'refusal', code: 'source-unfit', mark: mark('ni-number', 'AB123456A') });
    expect(JSON.stringify(rows)).not.toContain('AB123456');
  });

  it('leaves no row where its transaction fails, and one row when it is tried again', async () => {
    const question = await takenUp('AB123456C');
    const { knex } = node.courier.store;
    await knex.raw("create trigger full before insert on outbox begin select raise(abort, 'the disk is full'); end");
    open(async () => [{ concern: 1 }]).take(question);
    await until('it is set aside', async () => (await rowOf(question)).tries > 0);
    expect(await knex('disclosures')).toEqual([]);
    await knex.raw('drop trigger full');
    open(async () => [{ concern: 1 }]).take(question);
    await isClosed(question);
    expect(await knex('disclosures')).toHaveLength(1);
  });

  it('is let out once, though two copies of the holder evaluate it', async () => {
    const question = await takenUp('AB123456C');
    const run = async () => [{ concern: 1 }];
    const copies = [open(run), open(run)];
    for (const copy of copies) copy.take(question);
    await isClosed(question);
    for (const copy of copies) await copy.close();
    expect(await words()).toHaveLength(1);
    expect(await node.courier.store.knex('disclosures')).toHaveLength(1);
  });

  it('is dropped, and nothing said, once it is too late', async () => {
    const question = await takenUp('AB123456C');
    open(async () => [{ concern: 1 }]).take({ ...question, due: Date.now() });
    await isClosed(question);
    expect([(await rowOf(question)).state, await words()]).toEqual(['dropped', []]);
  });

  it('that is taken back is not evaluated, or where it is being evaluated, not answered', async () => {
    const [begun, waiting] = [await takenUp('AB123456C'), await takenUp('AB123456D')];
    const gate = Promise.withResolvers<void>();
    const seen: unknown[] = [];
    const questions = open(async ({ niNumber }) => {
      seen.push(niNumber);
      await gate.promise;
      return [{ concern: 1 }];
    });
    questions.take(begun);
    await until('it is being evaluated', () => seen.length === 1);
    questions.take(waiting);
    for (const { queryId } of [begun, waiting]) {
      await node.courier.transact(({ transaction }) => closeSubqueries(transaction, [queryId], 'retracted'));
      questions.stop(queryId);
    }
    gate.resolve();
    await questions.close();
    expect(seen).toEqual(['AB123456C']);
    expect(await words()).toEqual([]);
    for (const each of [begun, waiting])
      expect(await rowOf(each)).toMatchObject({ state: 'retracted', dispatched: null });
  });
});
