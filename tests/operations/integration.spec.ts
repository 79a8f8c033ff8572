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

let mesh: TestMesh;
let folder: string;
let page: string;
beforeAll(async () => {
  mesh = await startTestMesh();
  folder = await mkdtemp(join(tmpdir(), 'anonymesh-client-'));
  page = await readFile(new URL('../../docs/integration.md', import.meta.url), 'utf8');
  const [, client = ''] = /```js client\n([^]*?)```/.exec(page) ?? [];
  await writeFile(join(folder, 'client.mjs'), client);
}, 90_000);
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await mesh?.end();
});

async function runClient(subject: object, settings: Record<string, string> = {}) {
  const env = {
    PATH: process.env['PATH'] ?? '',
    ANONYMESH_URL: mesh.url('immigration'),
    ANONYMESH_TOKEN: mesh.caseworker.token,
    AGREEMENT: 'right-to-remain',
    ...settings,
  };
  const child = spawn(process.execPath, [join(folder, 'client.mjs')], { env });
  child.stdin.end(JSON.stringify(subject));
  const ended = new Promise<number | null>((settle) => child.once('close', settle));
  const [out, error, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { out, error, code };
}

describe('the client of docs/integration.md', () => {
  it('is about thirty lines', () => {
    const [, client = ''] = /```js client\n([^]*?)```/.exec(page) ?? [];
    expect(client.split('\n').filter((line) => line.trim() !== '').length).toBeLessThanOrEqual(30);
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
      expect(page).toMatch(new RegExp(`\\| ${expected.replace(' ', ' +\\| `')}\``));
    }
  }, 60_000);
});
