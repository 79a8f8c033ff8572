// What a running mesh testifies to an auditor about a set query: the same, with tokens in the place of masked answers.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startSetMesh, type SetMesh } from '../mesh/start-set-mesh.js';
import { auditorKeyIn, judge, signOften, wholeReceipt } from './audited-mesh.js';
import { auditorOf } from './read-logs.js';

let mesh: SetMesh;
beforeAll(async () => {
  mesh = await startSetMesh({ terms: { deadlineSeconds: 25 }, prepare: signOften });
}, 90_000);
afterAll(() => mesh?.end());

it('a set query that is released has a receipt that proves it to the auditor', async () => {
  const queryId = await mesh.ask();
  expect(await mesh.ended(queryId)).toMatchObject({ outcome: 'released' });
  const whole = await wholeReceipt(mesh.socialWorker, queryId, 60);
  const { directory } = auditorOf(mesh);
  const { wrong, open, proven } = judge([whole], directory, auditorKeyIn(mesh.dir));
  expect([wrong, open]).toEqual([[], ['the log of coordinator is not in the receipt']]);
  for (const id of ['health-trust', 'police']) {
    expect(proven.join('\n')).toMatch(new RegExp(`^${id} answered: its first tokens left at 20`, 'm'));
    expect(proven).toContain(`aggregator received all that ${id} sent`);
  }
  expect(proven.join('\n')).toMatch(/^aggregator signed: released, 2 of 2 answered$/m);
  expect(judge([whole], directory).wrong).toEqual([]);
}, 120_000);
