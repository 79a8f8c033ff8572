import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mesh, meshJson } from '../fixtures/mesh.js';
import { answerJson, answerProblem, startPaperNode, type PaperNode } from '../fixtures/paper-node.js';

const id = '0123456789abcdef0123456789abcdef';
const older = 'f123456789abcdef0123456789abcdef';
const listed = {
  queryId: id,
  kind: 'check',
  state: 'waiting',
  answered: 1,
  holders: 3,
  deadline: '2026-11-26T12:00:00.000Z',
  agreement: 'right-to-remain',
  askedAt: '2026-11-26T11:59:00.000Z',
  recheck: false,
};
const ended = { ...listed, queryId: older, state: 'decided', answered: 3, outcome: 'concern', code: 'all-answered' };
let node: PaperNode;
let at: string[];
beforeAll(async () => {
  node = await startPaperNode();
  at = ['--url', node.url];
  process.env['MESH_TOKEN'] = 'a-token';
});
beforeEach(() => void node.heard.splice(0));
afterAll(async () => {
  delete process.env['MESH_TOKEN'];
  await node.end();
});

const list = async (said: object, ...args: readonly string[]) => {
  node.answer = (response) => answerJson(response, 200, said);
  return mesh('query', 'list', ...at, ...args);
};

describe('the list of what somebody has asked', () => {
  it('says when each was asked, under what, and how it stands', async () => {
    const refused = { ...listed, state: 'refused', code: 'agreement-not-in-force' };
    const { code, out } = await list({ queries: [listed, { ...ended, recheck: true }, refused] });
    expect(code).toBe(0);
    const [head, ...rows] = out.split('\n').map((line) => line.split(/ {2,}/));
    expect(head).toEqual(['asked at', 'query', 'kind', 'agreement', 'state', 'answered', 'result']);
    const { askedAt } = listed;
    expect(rows).toEqual([
      [askedAt, id, 'check', 'right-to-remain', 'waiting', '1 of 3'],
      [askedAt, older, 're-check', 'right-to-remain', 'decided', '3 of 3', 'concern'],
      [askedAt, id, 'check', 'right-to-remain', 'refused', '1 of 3', 'agreement-not-in-force'],
    ]);
  });

  it('is the API’s object for programs, and goes on where a page ends', async () => {
    const page = { queries: [listed], next: id };
    node.answer = (response) => answerJson(response, 200, page);
    expect((await meshJson('query', 'list', ...at)).json).toEqual(page);
    expect((await list(page)).out).toContain(`Older ones: --before ${id}`);
    expect((await list({ queries: [ended] }, '--before', id)).out).not.toContain('Older');
    expect(node.heard.map(({ method, path }) => [method, path])).toEqual([
      ['GET', '/api/v1/queries'],
      ['GET', '/api/v1/queries'],
      ['GET', `/api/v1/queries?before=${id}`],
    ]);
  });

  it('may be empty; and what is no such list is not taken for an empty one', async () => {
    expect(await list({ queries: [] })).toMatchObject({ code: 0, out: 'No queries.' });
    expect(await list({})).toMatchObject({ code: 3, out: '' });
    const escaping = { ...ended, outcome: '\u001b[2J' };
    expect(await list({ queries: [escaping] })).toMatchObject({ code: 3, out: '' });
    const { out } = await list({ queries: [{ ...ended, agreement: 'a\u001b[2J\nb' }] });
    expect(out).not.toMatch(/[^\P{C}\n]/u);
    expect(out.split('\n')).toHaveLength(2);
  });

  it('is not asked for from what is no query, nor shown to whoever may not see it', async () => {
    for (const before of ['x', `${id}&x=1`, '../agreements'])
      expect(await list({ queries: [] }, '--before', before)).toMatchObject({ code: 2, out: '' });
    expect(node.heard).toEqual([]);
    node.answer = (response) => answerProblem(response, 404, 'not-found');
    expect(await mesh('query', 'list', ...at, '--before', id)).toMatchObject({ code: 3, out: '' });
  });
});
