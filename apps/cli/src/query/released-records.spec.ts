import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mesh, meshJson } from '../fixtures/mesh.js';
import { answerJson, answerProblem, startPaperNode, type PaperNode } from '../fixtures/paper-node.js';

const id = '0123456789abcdef0123456789abcdef';
const record = {
  holder: 'police',
  holderName: 'The Police',
  fields: { surname: 'Smith\u001b]0;owned\u0007\npolice  nobody', age: 7, isKnown: false, note: null },
};
const released = { queryId: id, people: 1, unreadable: 0, records: [record, { ...record, holder: 'schools' }] };
let node: PaperNode;
let at: string[];
beforeAll(async () => {
  node = await startPaperNode();
  at = ['--url', node.url];
  process.env['MESH_TOKEN'] = 'a-token';
});
beforeEach(() => {
  node.heard.splice(0);
  node.answer = (response) => answerJson(response, 200, released);
});
afterAll(async () => {
  delete process.env['MESH_TOKEN'];
  await node.end();
});

describe('the records that a set query released', () => {
  it('are shown by holder, with every field', async () => {
    const { code, out, error } = await mesh('query', 'records', id, ...at);
    expect([code, error]).toEqual([0, '']);
    expect(out).toMatch(/^1 people in common, 2 records$/m);
    expect(out).toMatch(/^The Police \(police\)\n {2}surname {2}Smith.*\n {2}age {6}7\n {2}isKnown {2}false\n/m);
    expect(out.match(/^ {2}note {5}\(none\)$/gm)).toHaveLength(2);
    expect(node.heard.map(({ method, path }) => [method, path])).toEqual([['GET', `/api/v1/queries/${id}/records`]]);
    expect((await meshJson('query', 'records', id, ...at)).json).toEqual(released);
  });

  it('cannot draw on the terminal, nor add lines of their own', async () => {
    const { out } = await mesh('query', 'records', id, ...at);
    expect(out).not.toMatch(/[^\P{C}\n]/u);
    expect(out).not.toMatch(/^police/m);
  });

  it('of which some did not open are not taken for all', async () => {
    node.answer = (response) => answerJson(response, 200, { ...released, unreadable: 2 });
    const { code, out } = await mesh('query', 'records', id, ...at);
    expect([code, out]).toEqual([1, expect.stringMatching(/^2 more did not open: /m)]);
    expect(out).toContain('Smith');
    expect((await meshJson('query', 'records', id, ...at)).code).toBe(1);
  });

  it.each([
    ['another query’s', { ...released, queryId: id.replace('0', '1') }],
    ['half', { ...released, records: [{ ...record, fields: { surname: ['Smith'] } }] }],
    ['none', {}],
  ])('are not shown, nor said in an error, where the answer is %s', async (_what, said) => {
    node.answer = (response) => answerJson(response, 200, said);
    const { code, out, error } = await mesh('query', 'records', id, ...at);
    expect([code, out]).toEqual([3, '']);
    expect(error).not.toContain('Smith');
  });

  it('are asked for by the id of a query alone, and where there are none that is said', async () => {
    expect(await mesh('query', 'records', '../queries', ...at)).toMatchObject({ code: 2, out: '' });
    expect(node.heard).toEqual([]);
    node.answer = (response) => answerProblem(response, 404, 'not-found');
    expect(await mesh('query', 'records', id, ...at)).toMatchObject({ code: 3, out: '' });
  });
});
