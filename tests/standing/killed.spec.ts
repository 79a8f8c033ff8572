import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { applicant } from '@anonymesh/examples';
import type { Agreement } from '@anonymesh/protocol';
import { openMoments } from '../faults/moments.js';
import { doAgreement, publishSigned, standingsAt, untilAllKnow } from './agree-in-mesh.js';
import { rowsOf } from '../mesh/read-mesh.js';
import { startTestMesh, type TestMesh } from '../mesh/start-test-mesh.js';

const { seed, next } = openMoments();
let mesh: TestMesh;
let content: Agreement;
let version = 1;

beforeAll(async () => {
  process.stdout.write(`moments from MOMENTS_SEED=${seed}\n`);
  mesh = await startTestMesh();
  const found = mesh.agreements.get('right-to-remain');
  if (found === undefined) throw new Error('there is an agreement');
  content = found;
}, 90_000);
afterAll(() => mesh?.end());

const parties = ['immigration', 'coordinator', 'aggregator', 'appeal-portal', 'hmrc', 'dwp', 'council'];

describe('a node that is killed while it learns of agreements and tells of them', () => {
  it.each([
    ['publishes', 'hmrc', 'hmrc'],
    ['publishes', 'immigration', 'coordinator'],
    ['publishes', 'appeal-portal', 'appeal-portal'],
    ['publishes', 'dwp', 'broker'],
  ])(
    'somebody %s at %s, and %s is killed: all come to know it, and run it once',
    async (_does, at, killed) => {
      version += 1;
      const hash = await publishSigned(mesh, at, { ...content, version });
      await wait(next(1500));
      await mesh.child(killed).kill();
      await mesh.restart(killed);
      await untilAllKnow(mesh, hash, 'in-force');
      const { queryId } = await mesh.ask(applicant);
      expect(await mesh.ended(queryId)).toMatchObject({ outcome: 'concern', answered: 3 });
      expect(rowsOf(mesh.dir, 'coordinator', 'select agreement from queries where id = ?', queryId)).toEqual([
        { agreement: hash },
      ]);
      const others = Object.fromEntries(
        Array.from({ length: version - 1 }, (_, index) => [index + 1, `replaced by version ${version}`]),
      );
      for (const id of [at, 'council']) expect(await standingsAt(mesh, id, 'right-to-remain')).toMatchObject(others);
    },
    150_000,
  );

  it('withdraws all the same', async () => {
    const [row] = rowsOf(mesh.dir, 'coordinator', 'select agreement from queries order by rowid desc limit 1');
    await doAgreement(mesh, 'council', 'withdraw', 'right-to-remain');
    await wait(next(1200));
    for (const id of ['council', 'hmrc']) await mesh.child(id).kill();
    for (const id of ['council', 'hmrc']) await mesh.restart(id);
    await untilAllKnow(mesh, String(row?.['agreement']), 'withdrawn');
    await expect(mesh.ask(applicant)).rejects.toThrow('409');
    for (const id of parties)
      expect((await standingsAt(mesh, id, 'right-to-remain'))[version]).toBe('withdrawn by Northmere City Council');
  }, 150_000);
});
