import { appendFile, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { samples, applicant, type Sample } from '@anonymesh/examples';
import { identityProviderPlaces, placesOf, signInSubject } from '@anonymesh/founding';
import { rowsOf } from '../mesh/read-mesh.js';
import { startTestMesh, type TestMesh } from '../mesh/start-test-mesh.js';
import { until } from '../mesh/until.js';
import { findIn, needlesFor } from './find-canary.js';
import { searchAnswers, searchFiles } from './search-mesh.js';
import { throughPages } from './through-pages.js';
import { tapBroker, type Tap } from './tap.js';

/** Every holder knows her and has a concern: the longest way that a person's data can go. */
const canary: Sample = samples.find(({ concerns }) => concerns.length === 3) ?? applicant;
const needles = needlesFor(Object.values(canary.fields));

let mesh: TestMesh;
let tap: Tap;

beforeAll(async () => {
  mesh = await startTestMesh({
    prepare: async (founded) => {
      tap = await tapBroker(founded);
    },
  });
}, 90_000);
afterAll(async () => {
  await mesh?.end();
  await tap?.close();
});

/** Where the person may stand: with who asked, in the holders' records, with who signs people in. */
const mayKnow = () => [
  placesOf(mesh.dir, 'immigration').state,
  ...['hmrc', 'dwp', 'council'].map((holder) => placesOf(mesh.dir, holder).data),
  identityProviderPlaces(mesh.dir).accounts,
];

describe('a person who is asked about', () => {
  it('is found where she may stand: the search sees stores and records', async () => {
    await mesh.ask(canary);
    for (const place of mayKnow().filter((each) => !each.endsWith('data'))) {
      const files = [place, `${place}-wal`].map((file) => readFile(file).catch(() => Buffer.alloc(0)));
      expect([place, findIn(Buffer.concat(await Promise.all(files)), needles)]).toEqual([
        place,
        expect.arrayContaining(['text']),
      ]);
    }
  });

  it('stands nowhere else while her query waits in the broker', async () => {
    for (const name of ['dwp', 'aggregator']) await mesh.child(name).kill();
    const { queryId } = await mesh.ask(canary);
    const asked = 'select * from subqueries where query_id = ?';
    await until('hmrc has answered', () => rowsOf(mesh.dir, 'hmrc', asked, queryId)[0]?.['state'] === 'answered');
    const { found, searched } = await searchFiles(mesh, needles, mayKnow());
    expect(found).toEqual([]);
    expect(searched).toBeGreaterThan(60);
    for (const name of ['dwp', 'aggregator']) await mesh.restart(name);
    expect(await mesh.ended(queryId)).toMatchObject({ outcome: 'concern', answered: 3 });
  }, 60_000);

  it('stands nowhere else after outcome, appeal, re-check, all pages and requests that fail', async () => {
    const asked = await mesh.ask(canary);
    await mesh.ended(asked.queryId);
    expect(await mesh.explain(canary, asked.reference)).toMatchObject({ holders: [...canary.concerns].sort() });
    await (await signInSubject(mesh, canary)).call('POST', '/api/v1/rechecks', { reference: asked.reference });
    await until('the re-check has ended', async () => {
      const list = (await mesh.caseworker.call('GET', '/api/v1/queries')) as { queries: Record<string, unknown>[] };
      return list.queries.some(({ recheck, state }) => recheck === true && state === 'decided');
    });
    expect(findIn(Buffer.from(await throughPages(mesh, canary, asked.reference)), needles)).toEqual([]);
    await failEverywhere();
    expect((await searchFiles(mesh, needles, mayKnow())).found).toEqual([]);
    expect(await searchAnswers(mesh, needles)).toEqual([]);
  }, 60_000);

  it('was never on the broker’s line: in no subject, no header, no payload', () => {
    const heard = tap.heard();
    const all = Buffer.concat(heard);
    // It is the line: subjects of every hop have been heard on it.
    for (const subject of [
      'mesh.coordinator.ask',
      'mesh.lqi.dwp.dispatch',
      'mesh.aggregator.answer',
      'mesh.coordinator.recheck',
    ])
      expect(all.includes(subject)).toBe(true);
    // Where no party traces, a letter bears its id and nothing else.
    expect(all.toString('latin1')).not.toMatch(/traceparent/i);
    expect(heard.flatMap((line) => findIn(line, needles))).toEqual([]);
  });

  it('is found by this very search where somebody lets her out', async () => {
    const { log } = placesOf(mesh.dir, 'aggregator');
    const { niNumber } = canary.fields;
    await appendFile(log, `${JSON.stringify({ event: 'x', id: Buffer.from(niNumber).toString('base64') })}\n`);
    expect((await searchFiles(mesh, needles, mayKnow())).found).toEqual(['aggregator/log.jsonl: text in base64']);
  });
});

/** Requests with the person in every place of them, to every app: what they complain of must not name her. */
async function failEverywhere(): Promise<void> {
  const { fields } = canary;
  for (const { id } of mesh.parties) {
    await fetch(`${mesh.url(id)}/${fields.niNumber}?surname=${fields.surname}`, {
      headers: { 'x-who': fields.niNumber },
    });
    await fetch(`${mesh.url(id)}/api/v1/queries`, { method: 'POST', body: JSON.stringify(fields) });
  }
  const wrong = { ...fields, niNumber: `${fields.niNumber}${fields.niNumber}`, [fields.niNumber]: fields.surname };
  await mesh.caseworker.send('POST', '/api/v1/queries', { agreement: fields.niNumber, subject: wrong });
  await mesh.caseworker.send('POST', '/api/v1/queries', { agreement: 'right-to-remain', subject: wrong });
  await mesh.caseworker.send('GET', `/api/v1/queries/${fields.niNumber}`);
  await (await signInSubject(mesh, canary)).send('POST', '/api/v1/explanations', { reference: fields.niNumber });
}
