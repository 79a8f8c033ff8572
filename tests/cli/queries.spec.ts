import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applicant } from '@anonymesh/examples';
import { signIn, signInApprover, visitor, type SignedIn } from '@anonymesh/founding';
import { runNode } from '../boundary/run-node.js';
import { startTestMesh, type TestMesh } from '../mesh/start-test-mesh.js';
import { until } from '../mesh/until.js';
import { watchQuery } from './watch-query.js';

let mesh: TestMesh;
let folder: string;
let tokenFile: string;
let dwp: SignedIn;

beforeAll(async () => {
  mesh = await startTestMesh({ terms: { deadlineSeconds: 20 }, approval: { dwp: 'each query' } });
  folder = await mkdtemp(join(tmpdir(), 'anonymesh-cli-'));
  tokenFile = join(folder, 'token');
  await writeFile(tokenFile, `${mesh.caseworker.token}\n`);
  await chmod(tokenFile, 0o600);
  dwp = await signInApprover(mesh, 'dwp');
}, 90_000);
afterAll(async () => {
  await mesh?.end();
  await rm(folder, { recursive: true, force: true });
});

/** The program as it was built, in a process of its own. */
const run = (args: readonly string[], { stdin = '', env = {} } = {}) =>
  runNode({
    args: ['apps/cli/bin/mesh.mjs', 'query', ...args, '--url', mesh.url('immigration')],
    stdin,
    env: { MESH_TOKEN: '', ...env },
  });
const query = (args: readonly string[], stdin = '') => run([...args, '--token-file', tokenFile], { stdin });
const json = async (args: readonly string[], stdin = '') => {
  const { code, stdout, stderr } = await query([...args, '--json'], stdin);
  expect(stderr).toBe('');
  return { code, told: JSON.parse(stdout) };
};
const lines = Object.entries(applicant.fields)
  .map(([name, value]) => `${name}: ${value}\n`)
  .join('');
const ask = async () => {
  const { code, told } = await json(['ask', 'right-to-remain'], lines);
  expect(code).toBe(0);
  return told as { readonly queryId: string; readonly reference: string };
};
const approve = (id: string) =>
  until('people at dwp are asked', async () => {
    const { status } = await dwp.send('POST', `/api/v1/approvals/${id}`, { decision: 'approve' });
    return status === 204;
  });

function expectNobodyIn(text: string): void {
  for (const value of Object.values(applicant.fields)) expect(text).not.toContain(value);
  expect(text).not.toContain(mesh.caseworker.token);
}

describe('a query at the command line', () => {
  it('is asked with lines on the input, watched to its outcome, and its reference is printed once', async () => {
    const asked = await query(['ask', 'right-to-remain'], lines);
    expect([asked.code, asked.stderr]).toEqual([0, '']);
    const [, id = ''] = /^query +([0-9a-f]{32})$/m.exec(asked.stdout) ?? [];
    const [, reference = ''] = /^reference +(.+)$/m.exec(asked.stdout) ?? [];
    expect(asked.stdout.split(reference)).toHaveLength(2);
    expect((await query(['status', id])).code).toBe(1);
    const { begun, ended } = watchQuery(id, mesh.url('immigration'), mesh.caseworker.token);
    await begun;
    await approve(id);
    const watched = await ended;
    expect([watched.code, watched.error]).toEqual([0, '']);
    expect(watched.out).toMatch(/^waiting: \d of 3 holders have answered$/m);
    expect(watched.out).toMatch(/^outcome +concern$/m);
    const status = await query(['status', id]);
    expect(status.code).toBe(0);
    for (const text of [watched.out, status.stdout]) {
      expect(text).not.toContain(reference);
      for (const holder of ['hmrc', 'dwp', 'council']) expect(text).not.toContain(holder);
    }
    expectNobodyIn([asked.stdout, watched.out, status.stdout].join());
    expect(await mesh.explain(applicant, reference)).toMatchObject({ holders: applicant.concerns });
  }, 60_000);

  it('is the same from JSON in a file, with the token in the environment, for programs', async () => {
    const file = join(folder, 'subject.json');
    await writeFile(file, JSON.stringify(applicant.fields));
    const env = { MESH_TOKEN: mesh.caseworker.token };
    const asked = await run(['ask', 'right-to-remain', '--subject-file', file, '--json'], { env });
    expect([asked.code, asked.stderr]).toEqual([0, '']);
    const { queryId, reference, state } = JSON.parse(asked.stdout);
    expect([reference, state]).toEqual([expect.any(String), expect.stringMatching(/^(asking|waiting)$/)]);
    const watching = json(['watch', queryId]);
    await approve(queryId);
    const { code, told } = await watching;
    expect([code, told]).toEqual([0, await mesh.view(queryId)]);
    expect((await json(['status', queryId])).told).toEqual(told);
  }, 60_000);

  it('is watched through a restart of the requester’s node', async () => {
    const { queryId } = await ask();
    const { begun, ended } = watchQuery(queryId, mesh.url('immigration'), mesh.caseworker.token);
    await begun;
    await mesh.child('immigration').kill();
    await mesh.restart('immigration');
    await approve(queryId);
    const { code, out, error } = await ended;
    expect([code, error, out]).toEqual([0, '', expect.stringMatching(/^outcome +concern$/m)]);
  }, 60_000);

  it('of which nobody decides in time is `refer`, which is an outcome', async () => {
    const { queryId } = await ask();
    const { code, told } = await json(['watch', queryId]);
    expect([code, told]).toEqual([0, expect.objectContaining({ outcome: 'refer', code: 'holder-refused' })]);
  }, 60_000);

  it('is not asked with wrong fields, which are named, without their values', async () => {
    const wrong = lines.replace(applicant.fields.niNumber, 'QQ12345');
    const { code, stdout, stderr } = await query(['ask', 'right-to-remain'], `${wrong}shoeSize: 43\n`);
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toContain('(invalid-subject)');
    expect(stderr).toContain('subject.niNumber: is not in the right format');
    expect(stderr).toContain('subject.shoeSize: is not a field of the agreement');
    expect(stderr).not.toMatch(/QQ12345|43/);
    expectNobodyIn(stderr);
    const { told } = await json(['ask', 'right-to-remain'], '');
    expect(told.error).toMatchObject({ kind: 'declined', code: 'invalid-subject', status: 422 });
    expect(told.error.errors.map(({ code }: { code: string }) => code)).toContain('missing');
  });

  it('is refused to whoever may not ask, under what is no agreement, and without a good token', async () => {
    const { token } = await signIn(mesh, 'immigration', visitor);
    const codeOf = async (agreement: string, given: string) => {
      const { code, stdout } = await run(['ask', agreement, '--json'], { stdin: lines, env: { MESH_TOKEN: given } });
      expectNobodyIn(stdout);
      return [code, JSON.parse(stdout).error.code];
    };
    expect(await codeOf('right-to-remain', token)).toEqual([3, 'role-not-allowed']);
    expect(await codeOf('no-such', mesh.caseworker.token)).toEqual([3, 'unknown-agreement']);
    expect(await codeOf('right-to-remain', dwp.token)).toEqual([3, 'invalid-token']);
    expect((await run(['ask', 'right-to-remain'], { stdin: lines })).code).toBe(2);
  });

  it('whose answer was lost is found in the list of what was asked, newest first, which names nobody', async () => {
    const { queryId: first } = await ask();
    const { queryId: second } = await ask();
    const shown = await query(['list']);
    expect([shown.code, shown.stderr]).toEqual([0, '']);
    const [head = '', newest, before] = shown.stdout.split('\n');
    expect(head).toMatch(/^asked at +query +kind +agreement +state +answered +result$/);
    expect([newest, before]).toEqual([second, first].map((id) => expect.stringContaining(id)));
    expect(newest).toMatch(/ check +right-to-remain +(asking|waiting) +\d of 3$/);
    expectNobodyIn(shown.stdout);
    const api = await until('all but who needs a person have answered', async () => {
      const answer = await mesh.caseworker.send('GET', `/api/v1/queries?before=${second}`);
      const asked = (await answer.json()) as { readonly queries: readonly { readonly answered: number }[] };
      return asked.queries[0]?.answered === 2 && asked;
    });
    const { code, told } = await json(['list', '--before', second]);
    expect([code, told.queries[0].queryId, told]).toEqual([0, first, api]);
  });

  it('is taken back until it is decided, twice as well as once, and not after that', async () => {
    const { queryId } = await ask();
    expect(await query(['retract', queryId])).toMatchObject({ code: 0, stdout: `${queryId}: is being taken back\n` });
    const { code, told } = await json(['watch', queryId]);
    expect([code, told]).toEqual([0, expect.objectContaining({ outcome: 'retracted' })]);
    const again = await json(['retract', queryId]);
    expect(again).toEqual({ code: 0, told });
    const { queryId: other } = await ask();
    await approve(other);
    expect((await json(['watch', other])).told.outcome).toBe('concern');
    const late = await json(['retract', other]);
    expect([late.code, late.told.error.code]).toEqual([3, 'already-decided']);
  }, 60_000);

  it('is nothing to anybody but who asked it', async () => {
    const { queryId } = await ask();
    const env = { MESH_TOKEN: (await signIn(mesh, 'immigration', visitor)).token };
    for (const doing of ['status', 'watch', 'retract', 'records']) {
      const { code, stdout } = await run([doing, queryId, '--json'], { env });
      expect([code, JSON.parse(stdout).error.code]).toEqual([3, 'not-found']);
    }
    expect(JSON.parse((await run(['list', '--json'], { env })).stdout)).toEqual({ queries: [] });
    // Whether or not it has ended meanwhile.
    expect((await query(['status', queryId])).stdout).toContain(queryId);
  });
});
