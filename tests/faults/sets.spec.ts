import { rename, rm, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { expectedMatches } from '@anonymesh/examples';
import { placesOf, signInApprover } from '@anonymesh/founding';
import { untilNothingIsLeft } from '../mesh/left-by-sets.js';
import { rowsOf } from '../mesh/read-mesh.js';
import { startSetMesh, type SetMesh } from '../mesh/start-set-mesh.js';
import { until } from '../mesh/until.js';
import { isSeenAt, stageOf } from './set-stages.js';

// Long enough that every stage can be seen.
const sizes = { healthTrust: 3000, police: 3000, schools: 0, common: 40 };
const expected = expectedMatches(sizes);
let mesh: SetMesh;
/** What the query gives when nothing is killed. */
let undisturbed: string;

beforeAll(async () => {
  const limits = { records: { most: 4000 }, matches: { least: 1, most: 100 } };
  const variants = { approved: { limits, release: 'on-approval' }, soon: { limits, deadlineSeconds: 12 } } as const;
  mesh = await startSetMesh({ sizes, terms: { limits }, variants });
  undisturbed = await releasedBy(await mesh.ask());
}, 120_000);
afterAll(() => mesh?.end());

/** What was released, written so that it can be compared, and that the query ended once. */
async function releasedBy(queryId: string): Promise<string> {
  const { people } = expected;
  expect(await mesh.ended(queryId, 90)).toMatchObject({ outcome: 'released', code: 'all-answered', people });
  const { records, unreadable } = await mesh.records(queryId);
  expect(unreadable).toBe(0);
  const outcomes = ['aggregator', 'childrens-services'].map((id) => {
    const column = id === 'aggregator' ? 'outcome' : 'outcome_signed as outcome';
    return rowsOf(mesh.dir, id, `select ${column} from queries where id = ?`, queryId);
  });
  expect(outcomes[0]).toHaveLength(1);
  expect(outcomes[1]).toEqual(outcomes[0]);
  return JSON.stringify(records.map(({ holder, fields }) => JSON.stringify([holder, fields])).sort(), null, 1);
}

async function killAndRestart(names: readonly string[], meanwhile = () => Promise.resolve()): Promise<void> {
  await Promise.all(names.map((name) => mesh.child(name).kill()));
  await meanwhile();
  await Promise.all(names.map((name) => mesh.restart(name)));
}

describe('a set query during which two are killed at each of its stages', () => {
  const stages = ['reading', 'exchanging', 'telling', 'combining'] as const;

  it.each([
    ['the health trust and the coordinator', ['health-trust', 'coordinator']],
    ['the police and the requester', ['police', 'childrens-services']],
    ['the aggregator and the broker', ['aggregator', 'broker']],
  ])(
    '%s: ends as if nothing had been',
    async (_, names) => {
      const asked = [await mesh.ask()];
      for (const stage of stages) {
        // A stage can pass by unseen, or before the blow falls: then there is another query for it.
        for (let tries = 0, isHit = false; !isHit; tries++) {
          expect(tries).toBeLessThan(8);
          const queryId = asked.at(-1) ?? '';
          if (await isSeenAt(mesh, queryId, stage))
            await killAndRestart(names, async () => void (isHit = stageOf(mesh, queryId) === stage));
          if (!isHit) asked.push(await mesh.ask());
        }
      }
      for (const queryId of asked) expect(await releasedBy(queryId)).toBe(undisturbed);
      await untilNothingIsLeft(mesh);
    },
    240_000,
  );

  it('or all at once while people decide: what they approved is released', async () => {
    const queryId = await mesh.ask('approved');
    const open = (holder: string) => waitingAt(holder, queryId);
    const isAsked = async (holder: string) => (await open(holder)).length === expected.released[holder as 'police'];
    for (const holder of ['health-trust', 'police']) await until('people are asked', () => isAsked(holder));
    await approveAll('police', await open('police'));
    const [one = ''] = await open('health-trust');
    await approveAll('health-trust', [one]);
    const everybody = [...mesh.parties.map(({ id }) => id), 'broker'];
    await killAndRestart(everybody);
    const left = await open('health-trust');
    expect(left).not.toContain(one);
    await approveAll('health-trust', left);
    expect(await releasedBy(queryId)).toBe(undisturbed);
    await untilNothingIsLeft(mesh);
  }, 120_000);

  it('and several of them at once: none is lost, doubled or changed', async () => {
    const asked = await Promise.all([1, 2, 3].map(() => mesh.ask()));
    await isSeenAt(mesh, asked[0] ?? '', 'exchanging');
    await killAndRestart(['police', 'aggregator']);
    for (const queryId of asked) expect(await releasedBy(queryId)).toBe(undisturbed);
    await untilNothingIsLeft(mesh);
  }, 120_000);
});

describe('a set query that is taken back', () => {
  it.each(['reading', 'exchanging', 'telling'] as const)(
    'while holders are %s is over everywhere, and leaves nothing',
    async (stage) => {
      let queryId = await mesh.ask();
      for (let tries = 0; !(await isSeenAt(mesh, queryId, stage)); tries++) {
        expect(tries).toBeLessThan(8);
        queryId = await mesh.ask();
      }
      const killed = mesh.child('police').kill();
      expect((await mesh.socialWorker.send('DELETE', `/api/v1/queries/${queryId}`)).status).toBe(202);
      await killed;
      expect(await mesh.ended(queryId)).toMatchObject({ outcome: 'retracted', code: 'retracted', answered: 0 });
      expect((await mesh.socialWorker.send('GET', `/api/v1/queries/${queryId}/records`)).status).toBe(404);
      await mesh.restart('police');
      for (const holder of ['health-trust', 'police'])
        await until(`${holder} has stopped`, () => {
          const [row] = rowsOf(mesh.dir, holder, 'select state from set_queries where query_id = ?', queryId);
          return row?.['state'] === 'retracted';
        });
      await untilNothingIsLeft(mesh);
    },
    90_000,
  );
});

describe('a holder that leaves half-way', () => {
  it('makes it refer at the deadline, and leaves nothing; asked again when it is back, it is answered', async () => {
    const queryId = await mesh.ask('soon');
    await isSeenAt(mesh, queryId, 'exchanging');
    await mesh.child('police').kill();
    expect(await mesh.ended(queryId)).toMatchObject({ outcome: 'refer', code: 'not-all-answered' });
    expect((await mesh.socialWorker.send('GET', `/api/v1/queries/${queryId}/records`)).status).toBe(404);
    await mesh.restart('police');
    await untilNothingIsLeft(mesh);
    expect(rowsOf(mesh.dir, 'police', 'select state from set_queries where query_id = ?', queryId)).not.toEqual([]);
    expect(await releasedBy(await mesh.ask('soon'))).toBe(undisturbed);
  }, 90_000);
});

describe('a holder that cannot put anything down', () => {
  it('refuses, and answers when it can again', async () => {
    const { spill } = placesOf(mesh.dir, 'health-trust');
    await rename(spill, `${spill}.moved`);
    await writeFile(spill, '');
    const queryId = await mesh.ask('soon');
    expect(await mesh.ended(queryId)).toMatchObject({ outcome: 'refer', code: 'holder-refused' });
    await rm(spill);
    await rename(`${spill}.moved`, spill);
    await untilNothingIsLeft(mesh);
    expect(await releasedBy(await mesh.ask('soon'))).toBe(undisturbed);
  }, 90_000);
});

interface Waiting {
  readonly approvals: readonly { readonly id: string; readonly query: string }[];
}

async function waitingAt(holder: string, queryId: string): Promise<string[]> {
  const approver = await signInApprover(mesh, holder);
  const { approvals } = (await approver.call('GET', '/api/v1/approvals')) as Waiting;
  return approvals.filter(({ query }) => query === queryId).map(({ id }) => id);
}

async function approveAll(holder: string, ids: readonly string[]): Promise<void> {
  const approver = await signInApprover(mesh, holder);
  for (const id of ids)
    expect((await approver.send('POST', `/api/v1/approvals/${id}`, { decision: 'approve' })).status).toBe(204);
}
