import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { applicant, samples } from '@anonymesh/examples';
import { placesOf, signInSubject, type Asked } from '@anonymesh/founding';
import { signLetter } from '@anonymesh/protocol';
import { mintReference } from '@anonymesh/protocol-asking';
import { outcome } from '@anonymesh/protocol-outcome';
import { logOf } from '../mesh/read-mesh.js';
import { startTestMesh, type TestMesh } from '../mesh/start-test-mesh.js';
import { scrape } from '../operations/exported-metrics.js';
import { expectHonestAnswers } from './attacked.js';
import { selfOf } from './play-party.js';

let mesh: TestMesh;
let asked: Asked;

beforeAll(async () => {
  mesh = await startTestMesh();
  asked = await mesh.ask(applicant);
  await mesh.ended(asked.queryId);
}, 90_000);
afterAll(() => mesh?.end());

/** So often its operator finds that code in the log; nobody is told it otherwise. */
async function notExplained(code: string): Promise<number> {
  const lines = await logOf(mesh, 'appeal-portal');
  return lines.filter((line) => line['event'] === 'appeal.not-explained' && line['code'] === code).length;
}
const [, other = applicant, third = applicant, fourth = applicant] = samples;

describe('somebody at the portal', () => {
  it('cannot tell a wrong reference from one of another person, nor from none at all', async () => {
    const open = await mesh.ask(applicant);
    await mesh.ended(open.queryId);
    const attempts = [
      [other, asked.reference], // of another person
      [applicant, mintReference()], // guessed: well formed, of nobody
      [third, 'ABCD-EFGH-JKMN-PQRS-T'], // with a wrong check symbol
      [third, asked.reference.slice(0, -1)], // not whole
      [applicant, 'x'], // nothing like one
    ] as const;
    const seen = [];
    for (const path of ['/api/v1/explanations', '/api/v1/rechecks'])
      for (const [person, reference] of attempts) {
        const subject = await signInSubject(mesh, person);
        const began = performance.now();
        const response = await subject.send('POST', path, { reference });
        const { date: _now, ...headers } = Object.fromEntries(response.headers);
        const body = await response.text();
        const milliseconds = performance.now() - began;
        expect(milliseconds).toBeGreaterThan(740);
        seen.push({ answer: { status: response.status, headers, body }, milliseconds });
      }
    const [first] = seen;
    expect(first?.answer).toMatchObject({ status: 404, body: expect.stringContaining('not-explained') });
    for (const { answer } of seen) expect(answer).toEqual(first?.answer);
    // A figure for the reader; the floor under all of them is what is required.
    const times = seen.map(({ milliseconds }) => Math.round(milliseconds));
    process.stdout.write(`failed appeals took ${Math.min(...times)} to ${Math.max(...times)} ms\n`);
    expect(await notExplained('another-person')).toBe(2);
    expect(await notExplained('nothing-found')).toBe(2);
    const told = (await scrape(mesh.monitoring('appeal-portal'))).filter(({ name }) => name.includes('not_explained'));
    expect(told.map(({ labels, value }) => [labels['code'], value])).toEqual([
      ['unavailable', 0],
      ['faulty', 0],
      ['other', seen.length],
    ]);
    for (const line of (await logOf(mesh, 'appeal-portal')).filter(({ event }) => event === 'appeal.not-explained'))
      expect(Object.keys(line).sort()).toEqual(['app', 'code', 'event', 'level', 'party', 'time']);
  }, 60_000);

  it('who guesses on is turned away, whatever the next reference is, and an honest person is not', async () => {
    const guesser = await signInSubject(mesh, fourth);
    const guess = async (reference: string) => {
      const response = await guesser.send('POST', '/api/v1/explanations', { reference });
      return { status: response.status, body: await response.text() };
    };
    for (let tries = 0; tries < 5; tries += 1) expect(await guess(mintReference())).toMatchObject({ status: 404 });
    const turned = await guess(mintReference());
    expect(turned).toMatchObject({ status: 429, body: expect.stringContaining('too-many-tries') });
    expect(await guess(asked.reference)).toEqual(turned);
    await mesh.restart('appeal-portal');
    expect(await guess(mintReference())).toEqual(turned);
    expect(await mesh.explain(applicant, asked.reference)).toMatchObject({ holders: ['hmrc'] });
  }, 60_000);

  it('who takes over an account cannot have the requester ask without end', async () => {
    const { queryId, reference } = await mesh.ask(applicant);
    await mesh.ended(queryId);
    const subject = await signInSubject(mesh, applicant);
    const wish = () => subject.send('POST', '/api/v1/rechecks', { reference });
    const answers = await Promise.all(Array.from({ length: 20 }, wish));
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 202)).toHaveLength(1);
    expect(statuses.filter((status) => status !== 202 && status !== 409 && status !== 429)).toEqual([]);
  }, 60_000);

  it('reads a reference however it is typed', async () => {
    const typed = ` ${asked.reference.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l')} `;
    expect(await mesh.explain(applicant, typed)).toMatchObject({ holders: ['hmrc'] });
  });
});

describe('an aggregator that changes what it has concluded', () => {
  const alterations = [
    ['the word', { outcome: 'clear' }, 'masks-do-not-conclude'],
    ['the word, to refer', { outcome: 'refer', code: 'answers-disagree' }, 'masks-do-not-conclude'],
    ['how many answered', { outcome: 'refer', code: 'not-all-answered', answered: 2 }, 'answers-missing'],
  ] as const;

  it.each(alterations)(
    'and signs it again, %s, is found out by the portal',
    async (_, change, code) => {
      const { self, restore } = open();
      const { hash: agreement } = self.agreement;
      const concluded = { outcome: 'concern', code: 'all-answered', answered: 3, holders: 3 } as const;
      const body = { agreement, ...concluded, ...change };
      const letter = { from: 'aggregator', to: 'immigration', queryId: asked.queryId, body };
      const { jws } = await signLetter(outcome, letter, self.keyring.signing);
      await alter('update queries set outcome = ? where id = ?', jws, asked.queryId);
      const before = await notExplained(code);
      await expect(mesh.explain(applicant, asked.reference)).rejects.toThrow('404 not-explained');
      expect(await notExplained(code)).toBe(before + 1);
      await restore();
      expect(await mesh.explain(applicant, asked.reference)).toMatchObject({ holders: ['hmrc'] });
    },
    60_000,
  );

  it('by dropping a holder’s answer, is found out by the portal', async () => {
    const { restore } = open();
    await alter("delete from words where query_id = ? and holder = 'hmrc'", asked.queryId);
    await expect(mesh.explain(applicant, asked.reference)).rejects.toThrow('404 not-explained');
    await restore();
  }, 60_000);

  it('by giving another query’s answer, is found out by the portal', async () => {
    const another = await mesh.ask(other);
    await mesh.ended(another.queryId);
    const { restore } = open();
    const from = 'select signed from words where query_id = ? and holder = words_now.holder';
    await alter(`update words as words_now set signed = (${from}) where query_id = ?`, another.queryId, asked.queryId);
    await expect(mesh.explain(applicant, asked.reference)).rejects.toThrow('404 not-explained');
    await restore();
  }, 60_000);

  it('leaves honest people their answers', async () => {
    await expectHonestAnswers(mesh);
  });
});

/** The aggregator's own keys, and a way to put back what its store has now. */
function open() {
  const rows = inStore((store) => ({
    queries: store.prepare('select id, outcome from queries').all(),
    words: store.prepare('select * from words').all(),
  }));
  const restore = () =>
    whileStopped((store) => {
      for (const { id, outcome: kept } of rows.queries)
        store.prepare('update queries set outcome = ? where id = ?').run(kept ?? null, id ?? null);
      const columns = Object.keys(rows.words[0] ?? {});
      const put = `insert or replace into words (${columns.join()}) values (${columns.map(() => '?').join()})`;
      for (const word of rows.words) store.prepare(put).run(...columns.map((column) => word[column] ?? null));
    });
  return { self: selfOf(mesh, 'aggregator'), restore };
}

const alter = (sql: string, ...values: string[]) =>
  whileStopped((store) => {
    expect(store.prepare(sql).run(...values).changes).toBeGreaterThan(0);
  });

async function whileStopped(change: (store: DatabaseSync) => void): Promise<void> {
  await mesh.child('aggregator').kill();
  inStore(change);
  await mesh.restart('aggregator');
}

function inStore<Result>(use: (store: DatabaseSync) => Result): Result {
  const store = new DatabaseSync(placesOf(mesh.dir, 'aggregator').state);
  try {
    return use(store);
  } finally {
    store.close();
  }
}
