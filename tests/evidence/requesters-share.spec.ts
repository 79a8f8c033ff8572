// A requester's share of a receipt is one, whoever asks for it: the caseworker by the API, the administrator by `mesh`.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { applicant } from '@anonymesh/examples';
import { placesOf } from '@anonymesh/founding';
import { receipt, type Receipt } from '@anonymesh/receipts';
import { runNode } from '../boundary/run-node.js';
import { startTestMesh, type TestMesh } from '../mesh/start-test-mesh.js';
import { until } from '../mesh/until.js';

let mesh: TestMesh;
beforeAll(async () => {
  mesh = await startTestMesh({ terms: { deadlineSeconds: 20 } });
}, 90_000);
afterAll(() => mesh?.end());

let count = 0;
async function administratorsShare(query: string) {
  const file = join(mesh.dir, `share-${(count += 1)}.json`);
  const args = ['receipt', query, '--config', placesOf(mesh.dir, 'immigration').config, '--out', file];
  const ran = await runNode({ args: ['apps/cli/bin/mesh.mjs', 'evidence', ...args] });
  return { ...ran, share: existsSync(file) ? receipt.parse(JSON.parse(await readFile(file, 'utf8'))) : undefined };
}

const caseworkersShare = (query: string) =>
  until('there is a receipt', async () => {
    const answer = await mesh.caseworker.send('GET', `/api/v1/queries/${query}/receipt`);
    return answer.ok && receipt.parse(await answer.json());
  });

const entriesIn = ({ parts }: Receipt) => parts.flatMap(({ entries }) => entries.map(({ entry }) => entry));

async function expectOneShare(query: string, end: string): Promise<void> {
  const byApi = await caseworkersShare(query);
  const { code, stderr, share } = await administratorsShare(query);
  expect([code, stderr]).toEqual([0, '']);
  const { agreement, manifest, outcome, testimonies } = byApi;
  expect(share).toMatchObject({ agreement, manifest });
  expect([share?.outcome, share?.testimonies]).toEqual([outcome, testimonies]);
  // The log may have been signed again in between.
  expect(share && entriesIn(share)).toEqual(entriesIn(byApi));
  expect(entriesIn(byApi).join()).toContain(end);
}

it('is the same of a query that was decided', async () => {
  const { queryId } = await mesh.ask(applicant);
  await mesh.ended(queryId);
  await expectOneShare(queryId, '"what":"outcome"');
}, 60_000);

it('is the same of a query of which nothing was heard in time, and is none while that is open', async () => {
  await mesh.child('aggregator').stop();
  const { queryId } = await mesh.ask(applicant);
  const early = await administratorsShare(queryId);
  expect(early).toMatchObject({ code: 1, stderr: expect.stringContaining('it has no outcome'), share: undefined });
  expect(await mesh.ended(queryId)).toMatchObject({ outcome: 'refer', code: 'no-outcome-in-time' });
  await expectOneShare(queryId, '"what":"no-outcome-in-time"');
}, 90_000);

it('of a query that nobody asked here is none', async () => {
  expect(await administratorsShare('ab'.repeat(16))).toMatchObject({ code: 1, share: undefined });
  expect(await administratorsShare('ab')).toMatchObject({ code: 2, share: undefined });
}, 60_000);
