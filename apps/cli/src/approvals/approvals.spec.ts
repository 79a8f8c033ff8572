import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mesh, meshJson } from '../fixtures/mesh.js';
import { answerJson, answerProblem, startPaperNode, type PaperNode } from '../fixtures/paper-node.js';

const id = '0123456789abcdef0123456789abcdef';
const recordId = '-B3dZ_x8AAAAAAAAAAAAAA';
const record = {
  id: recordId,
  query: id,
  requester: 'childrens-services',
  requesterName: 'Children’s Services',
  agreement: 'at-risk-children',
  title: 'Children at risk',
  purpose: 'To find them',
  due: '2026-11-26T12:00:00.000Z',
  record: { surname: 'Smith\u001b]0;owned\u0007\nuntil  2099', age: 7, note: null },
};
const query = {
  query: id,
  kind: 'check',
  requester: 'immigration',
  requesterName: 'Immigration Office',
  role: 'caseworker',
  askedAt: '2026-11-26T11:00:00.000Z',
  agreement: 'right-to-remain',
  agreementVersion: 2,
  title: 'Right to remain',
  purpose: 'To decide on an application',
  legalBasis: 'Act 1',
  fields: ['National Insurance number'],
  template: { hash: 'h4sh', id: 'hmrc', version: 3, title: 'Open debts' },
  needs: 2,
  due: '2026-11-26T12:00:00.000Z',
};
let node: PaperNode;
let folder: string;
let at: string[];

beforeAll(async () => {
  node = await startPaperNode();
  folder = await mkdtemp(join(tmpdir(), 'anonymesh-approvals-'));
  await writeFile(join(folder, 'token'), 'a-token');
  at = ['--url', node.url, '--token-file', join(folder, 'token')];
});
beforeEach(() => {
  node.heard.splice(0);
  node.answer = (response) => response.writeHead(204).end();
});
afterAll(async () => {
  await node.end();
  await rm(folder, { recursive: true });
});

describe('what waits for people', () => {
  it('is listed with who asks, why, with what, and until when', async () => {
    node.answer = (response) => answerJson(response, 200, { approvals: [record], queries: [query] });
    const { code, out } = await mesh('approvals', 'list', ...at);
    expect(code).toBe(0);
    for (const told of ['Immigration Office', 'To decide on an application', 'Act 1', 'National Insurance number'])
      expect(out).toContain(told);
    for (const told of [recordId, 'Children’s Services', 'Open debts', 'h4sh', '2 more people', 'version 2'])
      expect(out).toContain(told);
    expect((await meshJson('approvals', 'list', ...at)).json).toEqual({ approvals: [record], queries: [query] });
  });

  it('cannot draw on the terminal, nor add lines of its own', async () => {
    node.answer = (response) => answerJson(response, 200, { approvals: [record], queries: [] });
    const { out } = await mesh('approvals', 'list', ...at);
    expect(out).not.toMatch(/[^\P{C}\n]/u);
    expect(out.match(/^ +until/gm)).toHaveLength(1);
  });

  it('may be nothing; and what is no such list is not taken for nothing', async () => {
    node.answer = (response) => answerJson(response, 200, { approvals: [], queries: [] });
    expect(await mesh('approvals', 'list', ...at)).toMatchObject({ code: 0, out: 'Nothing waits for anybody.' });
    node.answer = (response) => answerJson(response, 200, {});
    expect(await mesh('approvals', 'list', ...at)).toMatchObject({ code: 3, out: '' });
  });
});

describe('a decision', () => {
  it('is sent once, a no with its reason', async () => {
    expect(await mesh('approvals', 'approve', id, ...at)).toMatchObject({ code: 0, out: `${id}: approved` });
    const refused = await meshJson('approvals', 'refuse', id, '--reason', ' Not ours. ', ...at);
    expect(refused).toEqual({ code: 0, json: { id, decision: 'refuse' } });
    expect(await mesh('approvals', 'approve', ...at, '--', recordId)).toMatchObject({ code: 0 });
    expect(node.heard.map(({ path, body }) => [path, JSON.parse(body)])).toEqual([
      [`/api/v1/approvals/${id}`, { decision: 'approve' }],
      [`/api/v1/approvals/${id}`, { decision: 'refuse', reason: 'Not ours.' }],
      [`/api/v1/approvals/${recordId}`, { decision: 'approve' }],
    ]);
  });

  it.each([
    ['a no without a reason', ['refuse', id]],
    ['a no with an empty one', ['refuse', id, '--reason', ' ']],
    ['a no with a very long one', ['refuse', id, '--reason', 'x'.repeat(1001)]],
    ['an id that leads elsewhere', ['approve', '../disclosures']],
    ['no id', ['approve', '']],
  ])('is not sent for %s', async (_what, args) => {
    expect(await mesh('approvals', ...args, ...at)).toMatchObject({ code: 2, out: '' });
    expect(node.heard).toEqual([]);
  });

  it.each([
    [404, 'not-found'],
    [409, 'already-decided'],
    [403, 'role-required'],
  ])('that the node refuses with %i ends with 3', async (status, code) => {
    node.answer = (response) => answerProblem(response, status, code);
    expect(await mesh('approvals', 'approve', id, ...at)).toMatchObject({ code: 3, out: '' });
  });
});
