// docs/integration.md is tried: its client is run as it stands there, against a mesh.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { applicant, samples } from '@anonymesh/examples';
import { signInSubject } from '@anonymesh/founding';
import { startTestMesh, type TestMesh } from '../mesh/start-test-mesh.js';
import { until } from '../mesh/until.js';
import { clockOffBy } from './clock-off-by.js';

/** How often may be asked, by all tests of this file together. */
const most = 8;
let mesh: TestMesh;
let folder: string;
let page: string;
beforeAll(async () => {
  const limits = { perRequester: { most, withinSeconds: 86_400 } };
  mesh = await startTestMesh({ terms: { limits } });
  folder = await mkdtemp(join(tmpdir(), 'anonymesh-client-'));
  page = await readFile(new URL('../../docs/integration.md', import.meta.url), 'utf8');
  const [, client = ''] = /```js client\n([^]*?)```/.exec(page) ?? [];
  await writeFile(join(folder, 'client.mjs'), client);
}, 90_000);
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await mesh?.end();
});

const question = { agreement: 'right-to-remain', subject: applicant.fields };

function startClient(subject: object, settings: Record<string, string> = {}) {
  const env = {
    PATH: process.env['PATH'] ?? '',
    ANONYMESH_URL: mesh.url('immigration'),
    ANONYMESH_TOKEN: mesh.caseworker.token,
    AGREEMENT: 'right-to-remain',
    ...settings,
  };
  const child = spawn(process.execPath, [join(folder, 'client.mjs')], { env });
  child.stdin.end(JSON.stringify(subject));
  let said = '';
  child.stderr.on('data', (piece: Buffer) => (said += piece.toString()));
  const closed = new Promise<number | null>((settle) => child.once('close', settle));
  const ended = Promise.all([text(child.stdout), closed]).then(([out, code]) => ({ out, error: said, code }));
  return { said: (words: string) => until(`it says ${words}`, () => said.includes(words), 30), ended };
}

const runClient = (...args: Parameters<typeof startClient>) => startClient(...args).ended;

function expectOnPage(expected: string): void {
  expect(page).toMatch(new RegExp(`\\| ${expected.replace(' ', ' +\\| `')}\``));
}

/** Of an answer of the node that is a no. */
async function noOf(answer: Response): Promise<string> {
  const { code } = (await answer.json()) as { readonly code: string };
  return `${answer.status} ${code}`;
}

describe('the client of docs/integration.md', () => {
  it('is about forty lines', () => {
    const [, client = ''] = /```js client\n([^]*?)```/.exec(page) ?? [];
    expect(client.split('\n').filter((line) => line.trim() !== '').length).toBeLessThanOrEqual(42);
  });

  it.each([applicant, ...samples.slice(0, 2)].map((person) => [person.outcome, person] as const))(
    'learns the outcome of a sample person: %s',
    async (outcome, { fields }) => {
      const { out, error, code } = await runClient(fields);
      expect(code).toBe(0);
      expect(JSON.parse(out)).toMatchObject({ outcome, queryId: expect.stringMatching(/^[0-9a-f]{32}$/) });
      expect(error).toMatch(/decided: 3 of 3 have answered/);
    },
    60_000,
  );

  it('says by code what the page says of each failure', async () => {
    const { fields } = applicant;
    const subject = (await signInSubject(mesh, applicant)).token;
    const failed: [expected: string, ran: Promise<{ error: string; code: number | null }>][] = [
      ['401 invalid-token', runClient(fields, { ANONYMESH_TOKEN: 'none' })],
      ['401 invalid-token', runClient(fields, { ANONYMESH_TOKEN: subject })],
      ['404 unknown-agreement', runClient(fields, { AGREEMENT: 'no-such' })],
      ['422 invalid-subject', runClient({ ...fields, shoeSize: '43' })],
    ];
    for (const [expected, ran] of failed) {
      const { error, code } = await ran;
      expect([expected, error, code]).toEqual([expected, expect.stringContaining(expected), 1]);
      expectOnPage(expected);
    }
  }, 60_000);

  it('follows again where its node breaks the stream off, and learns the outcome', async () => {
    await mesh.child('coordinator').kill();
    const client = startClient(applicant.fields);
    await client.said('asking: ');
    await mesh.child('immigration').kill();
    await mesh.restart('immigration');
    await mesh.restart('coordinator');
    const { out, error, code } = await client.ended;
    expect([code, error]).toEqual([0, expect.stringContaining('decided: 3 of 3 have answered')]);
    expect(JSON.parse(out)).toMatchObject({ outcome: applicant.outcome });
  }, 90_000);
});

describe('what the page says of', () => {
  it('a request without a token, and of one with a token that is over', async () => {
    const url = mesh.url('immigration');
    const missing = await noOf(await fetch(`${url}/api/v1/queries`, { method: 'POST', body: '{}' }));
    expect(missing).toBe('401 missing-token');
    expectOnPage(missing);
    await mesh.restart('immigration', clockOffBy(2 * 3_600_000));
    const over = await runClient(applicant.fields);
    await mesh.restart('immigration');
    expect([over.code, over.error]).toEqual([1, expect.stringContaining('401 expired-token')]);
    expectOnPage('401 expired-token');
  }, 60_000);

  it('a body that is none, and of taking back what has ended', async () => {
    const wrong = await noOf(await mesh.caseworker.send('POST', '/api/v1/queries', { ...question, urgent: true }));
    expect(wrong).toBe('400 invalid-input');
    expectOnPage(wrong);
    const { queryId } = await mesh.ask(applicant);
    await mesh.ended(queryId);
    const late = await noOf(await mesh.caseworker.send('DELETE', `/api/v1/queries/${queryId}`));
    expect(late).toBe('409 already-decided');
    expectOnPage(late);
  }, 60_000);

  it('asking more often than is agreed, whether that turns out at once or later', async () => {
    const answers = [];
    for (let asked = 0; asked <= most && answers.at(-1)?.ok !== false; asked += 1)
      answers.push(await mesh.caseworker.send('POST', '/api/v1/queries', question));
    const last = answers.at(-1);
    expect(last && (await noOf(last))).toBe('429 requester-limit');
    expectOnPage('429 requester-limit');
    await mesh.child('coordinator').kill();
    const client = startClient(applicant.fields);
    await client.said('asking: ');
    await mesh.restart('coordinator');
    const { out, error, code } = await client.ended;
    expect([out, code, error]).toEqual(['', 1, expect.stringContaining('the mesh has refused it: requester-limit')]);
  }, 90_000);
});
