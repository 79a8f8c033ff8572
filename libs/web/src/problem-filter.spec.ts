import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { serve } from './fixtures/serve.js';

let api: Awaited<ReturnType<typeof serve>>;

beforeAll(async () => {
  api = await serve();
});
beforeEach(() => void api.lines.splice(0));
afterAll(() => api.close());

async function ask(path: string, init?: RequestInit) {
  const answer = await fetch(`${api.url}${path}`, init);
  const text = await answer.text();
  return { answer, text, problem: JSON.parse(text) };
}

function post(body: string, type = 'application/json') {
  return ask('/api/queries', { method: 'POST', body, headers: { 'content-type': type } });
}

describe('what a request ends with', () => {
  it('is a problem document for a no of the app', async () => {
    const { answer, problem } = await ask('/api/refused');
    expect(answer.status).toBe(409);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(problem).toEqual({
      type: 'urn:anonymesh:problem:deadline-passed',
      title: 'The deadline has passed',
      status: 409,
      code: 'deadline-passed',
    });
    expect(api.lines).toEqual([]);
  });

  it('is 500 without a reason for a fault, which is logged without its message', async () => {
    const { answer, problem, text } = await ask('/api/fault');
    expect([answer.status, problem.code]).toEqual([500, 'unavailable']);
    expect(text + api.lines.join('')).not.toContain('QQ123456C');
    expect(JSON.parse(api.lines.join(''))).toMatchObject({ event: 'request.failed', error: { name: 'Error' } });
  });

  it('is logged with its cause when something that we need is down', async () => {
    expect((await ask('/api/down')).answer.status).toBe(503);
    expect(api.lines.join('')).toContain('"request.failed"');
    expect(api.lines.join('')).not.toContain('QQ123456C');
  });

  it('challenges a client without a token', async () => {
    expect((await ask('/api/no-token')).answer.headers.get('www-authenticate')).toBe('Bearer');
  });

  it.each([
    ['an unknown address', () => ask('/api/QQ123456C'), 404, 'not-found'],
    ['an address that cannot be read', () => ask('/api/%zzQQ123456C'), 400, 'bad-request'],
    ['a method that is not known there', () => ask('/api/fault', { method: 'DELETE' }), 404, 'not-found'],
    ['a body that is no JSON', () => post('{"ni": QQ123456C'), 400, 'bad-request'],
    ['an empty body', () => post(''), 400, 'bad-request'],
    ['a body that reaches for prototypes', () => post('{"__proto__": {"QQ123456C": 1}}'), 400, 'bad-request'],
    ['a body of another type', () => post('QQ123456C', 'text/csv'), 415, 'unsupported-media-type'],
    ['a body that is too large', () => post(JSON.stringify('QQ123456C'.repeat(200))), 413, 'body-too-large'],
  ])('is a problem that repeats nothing of %s', async (_what, request, status, code) => {
    const { answer, problem, text } = await request();
    expect([answer.status, problem.code]).toEqual([status, code]);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(text + api.lines.join('')).not.toContain('QQ123456C');
  });

  it('names the fields that are wrong, never what was in them', async () => {
    const body = {
      agreement: 'Q',
      subject: { ni_number: 'QQ123456', born: '28.02.1990', QQ123456C: 'QQ123456C' },
      mode: 'QQ123456C',
      tags: { QQ123456C: 'QQ123456C' },
    };
    const { answer, problem, text } = await post(JSON.stringify(body));
    expect([answer.status, problem.code]).toEqual([400, 'invalid-input']);
    expect(problem.errors.map(({ field, code }: { field: string; code: string }) => `${field} ${code}`)).toEqual([
      'agreement too-small',
      'subject.ni_number wrong-format',
      'subject.born wrong-format',
      'subject unknown-field',
      'mode wrong-value',
      'tags.[withheld] wrong-type',
    ]);
    expect(text).not.toContain('QQ123456');
    expect(text).not.toContain('1990');
  });

  it.each([['null'], ['[]'], ['"x"'], ['1'], ['{}']])('names what is missing in the body %s', async (body) => {
    const { answer, problem } = await post(body);
    expect([answer.status, problem.code]).toEqual([400, 'invalid-input']);
  });

  it('carries the security headers, whatever it is', async () => {
    for (const path of ['/api/refused', '/api/fault', '/nowhere', '/api/page']) {
      const { headers } = await fetch(`${api.url}${path}`);
      expect(Object.fromEntries(headers)).toMatchObject({
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'x-frame-options': 'DENY',
      });
      const policy = path === '/api/page' ? "default-src 'self'" : expect.stringContaining("frame-ancestors 'none'");
      expect(headers.get('content-security-policy')).toEqual(policy);
    }
  });
});
