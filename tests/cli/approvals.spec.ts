import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { applicant } from '@anonymesh/examples';
import { administrator, secondApprover, signIn, signInApprover, type SignedIn } from '@anonymesh/founding';
import type { PartyId } from '@anonymesh/protocol';
import { runNode } from '../boundary/run-node.js';
import { logOf, rowsOf } from '../mesh/read-mesh.js';
import { startSetMesh, type SetMesh } from '../mesh/start-set-mesh.js';
import { startTestMesh, type TestMesh } from '../mesh/start-test-mesh.js';
import { until } from '../mesh/until.js';

interface Listed {
  readonly approvals: readonly { readonly id: string; readonly query: string; readonly record: object }[];
  readonly queries: readonly { readonly query: string; readonly needs: number }[];
}

/** The program as it was built, for somebody at a holder. */
const runAt = (mesh: { url(id: PartyId): string }, holder: PartyId, { token }: SignedIn, args: readonly string[]) =>
  runNode({
    args: ['apps/cli/bin/mesh.mjs', 'approvals', ...args.slice(0, 1), '--url', mesh.url(holder), ...args.slice(1)],
    env: { MESH_TOKEN: token },
  });

const reason = 'The purpose is not ours.';

describe('queries that wait, at the command line', () => {
  let mesh: TestMesh;
  let first: SignedIn;
  let second: SignedIn;
  beforeAll(async () => {
    const approval = { council: 'each query by two people' } as const;
    mesh = await startTestMesh({ terms: { deadlineSeconds: 30 }, approval });
    first = await signInApprover(mesh, 'council');
    second = await signIn(mesh, 'council', secondApprover);
  }, 90_000);
  afterAll(() => mesh?.end());

  const run = (who: SignedIn, ...args: string[]) => runAt(mesh, 'council', who, args);
  const isAsked = (queryId: string) =>
    until('people at council are asked', async () => {
      const { stdout } = await run(first, 'list', '--json');
      return (JSON.parse(stdout) as Listed).queries.find(({ query }) => query === queryId);
    });

  it('are listed without the person, and go on once two people have approved', async () => {
    const { queryId } = await mesh.ask(applicant);
    expect(await isAsked(queryId)).toMatchObject({ needs: 2 });
    const { code, stdout } = await run(first, 'list');
    expect([code, stdout]).toEqual([0, expect.stringContaining(queryId)]);
    expect(stdout).toMatch(/^ +needs +2 more people$/m);
    for (const value of Object.values(applicant.fields)) expect(stdout).not.toContain(value);
    expect(await run(first, 'approve', queryId)).toMatchObject({ code: 0, stdout: `${queryId}: approved\n` });
    expect(await run(first, 'approve', queryId)).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('already-decided'),
    });
    expect(await run(await signIn(mesh, 'council', administrator), 'approve', queryId)).toMatchObject({ code: 3 });
    expect(await isAsked(queryId)).toMatchObject({ needs: 1 });
    expect(await run(second, 'approve', queryId)).toMatchObject({ code: 0 });
    expect(await mesh.ended(queryId)).toMatchObject({ outcome: 'concern', answered: 3 });
    expect(await run(second, 'approve', queryId)).toMatchObject({ code: 3 });
  }, 60_000);

  it('are refused by one no, whose reason stays at the holder', async () => {
    const { queryId } = await mesh.ask(applicant);
    await isAsked(queryId);
    expect(await run(first, 'refuse', queryId)).toMatchObject({ code: 2 });
    expect(await run(first, 'refuse', queryId, '--reason', ' ')).toMatchObject({ code: 2 });
    expect(await isAsked(queryId)).toMatchObject({ needs: 2 });
    expect(await run(first, 'refuse', queryId, '--reason', reason)).toMatchObject({ code: 0 });
    expect(await mesh.ended(queryId)).toMatchObject({ outcome: 'refer', code: 'holder-refused' });
    const said = rowsOf(
      mesh.dir,
      'council',
      'select decision, reason from query_decisions where query_id = ?',
      queryId,
    );
    expect(said).toEqual([{ decision: 'refuse', reason }]);
    for (const party of ['council', 'aggregator', 'coordinator', 'immigration'])
      expect(JSON.stringify(await logOf(mesh, party))).not.toContain(reason);
  }, 60_000);
});

describe('records that wait, at the command line', () => {
  const sizes = { healthTrust: 60, police: 80, schools: 0, common: 6 };
  let mesh: SetMesh;
  beforeAll(async () => {
    mesh = await startSetMesh({ sizes, terms: { release: 'on-approval' } });
  }, 90_000);
  afterAll(() => mesh?.end());

  it('are released where they are approved, and not where they are refused', async () => {
    const queryId = await mesh.ask();
    const lists = new Map<string, Listed['approvals']>();
    for (const holder of ['health-trust', 'police']) {
      const approver = await signInApprover(mesh, holder);
      const ours = await until(`${holder} is asked`, async () => {
        const { stdout } = await runAt(mesh, holder, approver, ['list', '--json']);
        const found = (JSON.parse(stdout) as Listed).approvals.filter(({ query }) => query === queryId);
        return found.length > 0 && found;
      });
      lists.set(holder, ours);
      for (const [at, { id }] of ours.entries()) {
        const isRefused = holder === 'police' && at === 0;
        const args = isRefused ? ['refuse', '--reason', reason, '--', id] : ['approve', '--', id];
        expect(await runAt(mesh, holder, approver, args)).toMatchObject({ code: 0 });
      }
    }
    expect(await mesh.ended(queryId)).toMatchObject({ outcome: 'released' });
    const { records } = await mesh.records(queryId);
    const released = records.filter(({ holder }) => holder === 'police').map(({ fields }) => fields);
    const [refused, ...approved] = lists.get('police') ?? [];
    expect(released).toHaveLength(approved.length);
    expect(released).toEqual(expect.arrayContaining(approved.map(({ record }) => record)));
    expect(released).not.toContainEqual(refused?.record);
  }, 90_000);
});
