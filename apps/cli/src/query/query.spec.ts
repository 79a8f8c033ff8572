import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mesh, meshJson } from '../fixtures/mesh.js';
import { answerJson, answerProblem, startPaperNode, type PaperNode } from '../fixtures/paper-node.js';
import { openNode } from '../calling/open-node.js';
import { candidates } from '../completing/candidates.js';
import { meshProgram } from '../program.js';
import { watch } from './watch.js';

const id = '0123456789abcdef0123456789abcdef';
const secret = 'QQ123456C';
const token = 'not.a-real.token';
const view = {
  queryId: id,
  kind: 'check',
  state: 'waiting',
  answered: 1,
  holders: 3,
  deadline: '2026-11-26T12:00:00.000Z',
};
const decided = { ...view, state: 'decided', answered: 3, outcome: 'concern', code: 'all-answered' };
let node: PaperNode;
let folder: string;
let at: string[];
const file = async (name: string, text: string | Uint8Array) => {
  await writeFile(join(folder, name), text);
  return join(folder, name);
};

beforeAll(async () => {
  node = await startPaperNode();
  folder = await mkdtemp(join(tmpdir(), 'anonymesh-query-'));
  at = ['--url', node.url, '--token-file', await file('token', `${token}\n`)];
});
beforeEach(() => void node.heard.splice(0));
afterAll(async () => {
  await node.end();
  await rm(folder, { recursive: true });
});

const ask = async (text: string | Uint8Array, ...more: string[]) =>
  mesh('query', 'ask', 'right-to-remain', ...at, '--subject-file', await file('subject', text), ...more);

describe('asking at the command line', () => {
  it('sends the fields to the node, and prints the reference', async () => {
    node.answer = (response) => answerJson(response, 202, { queryId: id, reference: 'ABCD-EFGH', state: 'waiting' });
    const { code, out } = await ask(`niNumber: ${secret}`);
    expect([code, out.match(/ABCD-EFGH/g)]).toEqual([0, ['ABCD-EFGH']]);
    expect(out).not.toContain(secret);
    expect(node.heard).toEqual([
      {
        method: 'POST',
        path: '/api/v1/queries',
        authorization: `Bearer ${token}`,
        body: JSON.stringify({ agreement: 'right-to-remain', subject: { niNumber: secret } }),
      },
    ]);
    expect(JSON.parse((await ask('{}', '--json')).out)).toEqual({
      queryId: id,
      reference: 'ABCD-EFGH',
      state: 'waiting',
    });
  });

  it('names the fields that are wrong, and no value', async () => {
    const errors = [{ field: 'subject.niNumber', code: 'wrong-format', message: 'is not in the right format' }];
    node.answer = (response) => answerProblem(response, 422, 'invalid-subject', { errors });
    const { code, out, error } = await ask(`niNumber: ${secret}`);
    expect([code, out]).toEqual([3, '']);
    expect(error).toBe('This cannot be (invalid-subject)\n  subject.niNumber: is not in the right format');
    const told = JSON.parse((await ask(`niNumber: ${secret}`, '--json')).out);
    expect(told.error).toMatchObject({ kind: 'declined', status: 422, code: 'invalid-subject', errors });
  });

  it('does not repeat what is no problem document, and passes no escape sequence on', async () => {
    node.answer = (response) => response.writeHead(502).end(`<p>${secret}</p>`);
    const proxy = await ask(`niNumber: ${secret}`);
    expect([proxy.code, proxy.error]).toEqual([4, expect.stringContaining('said 502')]);
    expect(proxy.error).not.toContain(secret);
    node.answer = (response) => answerProblem(response, 404, 'not-found', { title: 'a\u001b[2Jb\u202ec' });
    expect((await ask('')).error).toBe('a�[2Jb�c (not-found)');
  });

  it('does not follow an answer that points elsewhere, nor take the person there', async () => {
    node.answer = (response) => response.writeHead(307, { location: `${node.url}/elsewhere` }).end();
    expect(await ask(`niNumber: ${secret}`)).toMatchObject({ code: 3, error: expect.stringContaining('elsewhere') });
    expect(node.heard).toHaveLength(1);
  });

  it('says where a query may have been asked although the answer was lost, and where not', async () => {
    const perhaps = expect.stringContaining('may have been asked all the same');
    node.answer = (response) => response.destroy();
    expect(await ask('')).toMatchObject({ code: 4, error: perhaps });
    node.answer = (response) => answerProblem(response, 500, 'unavailable');
    expect(await ask('')).toMatchObject({ code: 4, error: perhaps });
    for (const limit of ['too-many-requests', 'requester-limit', 'agreement-limit', 'a-limit-of-next-year']) {
      node.answer = (response) => answerProblem(response, 429, limit);
      expect(await ask('')).toMatchObject({ code: 4, error: expect.not.stringContaining('all the same') });
    }
    const closed = await startPaperNode();
    await closed.end();
    const nobody = await mesh('query', 'ask', 'x', ...at, '--url', closed.url, '--subject-file', await file('s', ''));
    expect(nobody).toMatchObject({ code: 4, error: `${closed.url}: cannot be reached` });
  });

  it('sends nothing where something is wrong with what it was given', async () => {
    const subject = await file('good', `niNumber: ${secret}`);
    const asking = ['query', 'ask', 'x', '--subject-file', subject];
    const wrong = [
      [...asking, '--url', node.url],
      [...asking, '--token-file', await file('two-lines', `${token}\n${token}`), '--url', node.url],
      [...asking, '--token-file', await file('empty', '\n'), '--url', node.url],
      [...asking, '--token-file', join(folder, 'nowhere'), '--url', node.url],
      [...asking, ...at, '--url', 'http://mesh.example'],
      [...asking, ...at, '--url', `https://me:${token}@mesh.example`],
      [...asking, ...at, '--url', 'nonsense'],
      [...asking, ...at, '--subject-file', join(folder, 'nowhere')],
      [...asking, ...at, '--subject-file', await file('long', `surname: ${secret.repeat(10_000)}`)],
      [...asking, ...at, '--subject-file', await file('latin-1', Buffer.from(`surname: ${secret}\xe9`, 'latin1'))],
      [...asking, ...at, '--subject-file', await file('half', secret)],
      ['query', 'status', '../../agreements', ...at],
      ['query', 'watch', id.slice(1), ...at],
    ];
    for (const args of wrong) {
      const { code, out, error } = await mesh(...args);
      expect([args, code, out]).toEqual([args, 2, '']);
      expect(error).not.toContain(secret);
      expect(error).not.toContain(token);
    }
    expect(node.heard).toEqual([]);
  });

  it('reads the token from the environment where no file is named', async () => {
    node.answer = (response) => answerJson(response, 200, decided);
    process.env['MESH_TOKEN'] = 'from-the-environment';
    try {
      expect((await mesh('query', 'status', id, '--url', node.url)).code).toBe(0);
    } finally {
      delete process.env['MESH_TOKEN'];
    }
    expect(node.heard[0]?.authorization).toBe('Bearer from-the-environment');
  });
});

describe('the state of a query', () => {
  it.each([
    [0, decided],
    [1, view],
    [1, { ...view, state: 'retracting' }],
    [3, { ...view, state: 'refused', code: 'role-not-allowed' }],
  ])('ends with %i', async (code, said) => {
    node.answer = (response) => answerJson(response, 200, said);
    expect(await mesh('query', 'status', id, ...at)).toMatchObject({ code });
    const { json } = await meshJson('query', 'status', id, ...at);
    expect(json.error?.query ?? json).toEqual(said);
  });

  it.each([
    ['of another query', { ...decided, queryId: id.replace('0', '1') }],
    ['with a word of the node’s choice', { ...decided, outcome: '\u001b[2J' }],
    ['of nothing', {}],
  ])('is not believed when it is one %s', async (_what, said) => {
    node.answer = (response) => answerJson(response, 200, said);
    expect(await mesh('query', 'status', id, ...at)).toMatchObject({ code: 3, out: '' });
  });
});

describe('taking a query back', () => {
  const retracting = { ...view, state: 'retracting' };
  const retracted = { ...decided, outcome: 'retracted', code: 'retracted' };

  it.each([
    ['is being taken back', retracting],
    ['taken back', retracted],
  ])('is asked of the node, which says that it %s', async (words, said) => {
    node.answer = (response) => answerJson(response, 202, said);
    expect(await mesh('query', 'retract', id, ...at)).toMatchObject({ code: 0, out: `${id}: ${words}` });
    expect(node.heard.map(({ method, path, body }) => [method, path, body])).toEqual([
      ['DELETE', `/api/v1/queries/${id}`, ''],
    ]);
    expect((await meshJson('query', 'retract', id, ...at)).json).toEqual(said);
  });

  it('that has ended, or is no such query, is not done', async () => {
    node.answer = (response) => answerProblem(response, 409, 'already-decided');
    expect(await mesh('query', 'retract', id, ...at)).toMatchObject({ code: 3, out: '' });
    for (const said of [decided, { ...retracted, queryId: id.replace('0', '1') }]) {
      node.answer = (response) => answerJson(response, 202, said);
      expect(await mesh('query', 'retract', id, ...at)).toMatchObject({ code: 3, out: '' });
    }
    node.heard.splice(0);
    expect(await mesh('query', 'retract', `${id}/records`, ...at)).toMatchObject({ code: 2, out: '' });
    expect(node.heard).toEqual([]);
  });
});

it('can be typed with the shell’s help', () => {
  const program = meshProgram(() => undefined);
  expect(candidates(program, ['query', 're'])).toEqual(['retract', 'records']);
  expect(candidates(program, ['query', 'list', '--b'])).toEqual(['--before']);
});

const event = (said: object) => `id: 1\nevent: progress\ndata: ${JSON.stringify(said)}\n\n`;

describe('watching a query', () => {
  const patience = { silence: 300, pause: 5, tries: 3 };
  const seen = async () => {
    const all = [];
    const options = { url: node.url, tokenFile: at[3] ?? '' };
    for await (const each of watch(openNode(options), id, patience)) all.push(each.state);
    return all;
  };
  const answerWith = (...streams: ((response: Parameters<PaperNode['answer']>[0]) => void)[]) => {
    let next = 0;
    node.answer = (response) => streams[Math.min(next++, streams.length - 1)]?.(response);
  };

  it('says each change, and with --json the end alone', async () => {
    answerWith((response) => response.end(`: open\n\n${event(view)}${event(view)}${event(decided)}`));
    const { code, out } = await mesh('query', 'watch', id, ...at);
    expect(code).toBe(0);
    expect(out.split('\n')[0]).toBe('waiting: 1 of 3 holders have answered');
    expect(out).toMatch(/^outcome +concern$/m);
    expect((await meshJson('query', 'watch', id, ...at)).json).toEqual(decided);
  });

  it('ends with 3 where the mesh refuses the query, or its node lets nobody follow', async () => {
    answerWith((response) => response.end(event({ ...view, state: 'refused', code: 'agreement-not-in-force' })));
    const { code, json } = await meshJson('query', 'watch', id, ...at);
    expect([code, json.error.code]).toEqual([3, 'agreement-not-in-force']);
    answerWith((response) => answerProblem(response, 401, 'expired-token'));
    expect(await mesh('query', 'watch', id, ...at)).toMatchObject({ code: 3 });
    expect(node.heard).toHaveLength(2);
  });

  it('goes on after a stream that broke off, fell silent or was refused for now', async () => {
    answerWith(
      (response) => response.write(event(view), () => response.destroy()),
      (response) => response.write(': open\n\n'),
      (response) => answerProblem(response, 503, 'unavailable'),
      (response) => response.end(`data: ${JSON.stringify(view)}`),
      (response) => response.end(event(view) + event(decided)),
    );
    await expect(seen()).rejects.toThrow();
    answerWith(
      (response) => response.write(event(view), () => response.destroy()),
      (response) => response.write(': open\n\n'),
      (response) => response.end(event(view)),
      (response) => answerProblem(response, 503, 'unavailable'),
      (response) => response.end(event(view) + event(decided)),
    );
    expect(await seen()).toEqual(['waiting', 'decided']);
  });

  it('gives up where the node never says anything, and says that nobody answers', async () => {
    answerWith((response) => response.end());
    await expect(seen()).rejects.toMatchObject({ kind: 'unanswered' });
    expect(node.heard).toHaveLength(patience.tries);
  });

  it('believes no event of another query, and none without an end', async () => {
    answerWith((response) => response.end(event({ ...decided, queryId: id.replace('0', '1') })));
    await expect(seen()).rejects.toMatchObject({ kind: 'declined' });
    answerWith((response) => response.end(`data: ${'x'.repeat(100_000)}`));
    await expect(seen()).rejects.toMatchObject({ kind: 'unanswered' });
  });
});
