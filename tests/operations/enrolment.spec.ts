// A holder that nobody knew joins a mesh that is running: by the commands of docs/operations.md, with a real broker that is
// reloaded meanwhile and drops nobody; then it is put out. How it comes to answer queries: holder-guide.spec.ts.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { samples } from '@anonymesh/examples';
import { placesOf, programOf } from '@anonymesh/founding';
import type { TestMesh } from '../mesh/start-test-mesh.js';
import { until } from '../mesh/until.js';
import { runBlock } from './commands-of.js';
import { fingerprintIn, newcomer as id, openNewcomer, type Newcomer } from './newcomer.js';
import { runMesh } from './run-mesh.js';
import type { StatusPages } from './status-pages.js';

const [person] = samples as readonly [(typeof samples)[number]];
let joining: Newcomer;
let mesh: TestMesh;
let pages: StatusPages;
let at: Newcomer['at'];
let node: ChildProcess | undefined;
let variables: Record<string, string>;

beforeAll(async () => {
  joining = await openNewcomer();
  ({ mesh, pages, at } = joining);
  variables = { ...joining.variables };
}, 90_000);
afterAll(async () => {
  node?.kill('SIGKILL');
  await joining?.end();
}, 30_000);

async function admit(request: string, fingerprint: string, more: readonly string[] = []) {
  const { DIRECTORY = '', OPERATOR_KEY = '', BROKER = '', CA = '' } = variables;
  const args = [DIRECTORY, request, '--operator-key', OPERATOR_KEY, '--fingerprint', fingerprint];
  const { code, error } = await runMesh(
    'directory',
    'admit',
    ...args,
    '--broker',
    BROKER,
    '--ca',
    CA,
    '--out',
    at('refused'),
    ...more,
  );
  return { code, error };
}

async function initAs(
  name: string,
  options: Record<string, string> = {},
): Promise<{ request: string; fingerprint: string }> {
  const { BROKER_URL = '', OPERATOR = '' } = variables;
  const all = { kind: 'holder', id: name, name, broker: BROKER_URL, operator: OPERATOR, ...options };
  const args = Object.entries(all).flatMap(([option, value]) => [`--${option}`, value]);
  const { out } = await runMesh(
    'party',
    'init',
    await mkdtemp(at('other-')).then((made) => join(made, 'home')),
    ...args,
    '--json',
  );
  return JSON.parse(out) as { request: string; fingerprint: string };
}

describe('a holder that nobody knew', () => {
  it('makes its keys, its config and its request with one command', async () => {
    const said = await runBlock('holder-init', variables);
    variables = { ...variables, FINGERPRINT: fingerprintIn(said) };
  });

  it('is not let in by a request that somebody changed, that is for another mesh, or for a name that is taken', async () => {
    const { REQUEST = '', FINGERPRINT = '' } = variables;
    const jws = (await readFile(REQUEST, 'utf8')).trim();
    const content = JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString()) as object;
    const forged = [
      jws.split('.')[0],
      Buffer.from(JSON.stringify({ ...content, until: 8e15 })).toString('base64url'),
      jws.split('.')[2],
    ];
    await writeFile(at('forged.jws'), forged.join('.'));
    expect(await admit(at('forged.jws'), FINGERPRINT)).toMatchObject({
      code: 1,
      error: expect.stringMatching(/somebody has changed it/),
    });
    const stranger = await initAs(id);
    expect(await admit(stranger.request, FINGERPRINT)).toMatchObject({
      code: 1,
      error: expect.stringMatching(/not the one that you were told/),
    });
    const elsewhere = await initAs(id, { operator: Buffer.alloc(32, 7).toString('base64url') });
    expect(await admit(elsewhere.request, elsewhere.fingerprint)).toMatchObject({
      code: 1,
      error: expect.stringMatching(/mesh of another operator/),
    });
    const taken = await initAs('hmrc');
    expect(await admit(taken.request, taken.fingerprint)).toMatchObject({
      code: 1,
      error: expect.stringMatching(/admitted with another identity/),
    });
    expect(await admit(REQUEST, FINGERPRINT, ['--kind', 'aggregator'])).toMatchObject({
      code: 1,
      error: expect.stringMatching(/asks to be let in as holder, not as aggregator/),
    });
    await writeFile(at('nonsense.jws'), 'nonsense');
    expect(await admit(at('nonsense.jws'), FINGERPRINT)).toMatchObject({
      code: 1,
      error: expect.stringMatching(/not a request to join/),
    });
  }, 60_000);

  it('is admitted while others ask and answer, and nobody is disconnected', async () => {
    const before = await pages.partiesOf(mesh);
    let admitted = false;
    const asking = (async () => {
      const asked = [];
      while (!admitted) asked.push(await mesh.ask(person));
      return asked;
    })();
    const said = await runBlock('admit', variables).finally(() => (admitted = true));
    expect(said).toContain(`${id} is admitted`);
    const asked = await asking;
    expect(asked.length).toBeGreaterThan(0);
    for (const { queryId } of asked) expect(['clear', 'concern']).toContain((await mesh.ended(queryId)).outcome);
    expect(await pages.partiesOf(mesh)).toEqual(before);
  }, 90_000);

  it('finds by mesh doctor that the broker lets it in', async () => {
    await copyFile(join(placesOf(mesh.dir, 'council').data, 'council.sqlite'), at('records.sqlite'));
    const said = await runBlock('accept', { ...variables, RECORDS: at('records.sqlite') });
    expect(said).toMatch(/^well +broker /m);
    expect(said).toMatch(/^well +certificates /m);
    expect(said).toMatch(/ 0 failing/);
  });

  it('connects, outward only', async () => {
    node = spawn(process.execPath, [programOf('lqi'), '--config', at(`${id}/config.yaml`)], { stdio: 'ignore' });
    await until('it is connected', async () => (await pages.connected()).has(id));
  }, 60_000);

  it('is put out at once, and nobody else is', async () => {
    const before = await pages.partiesOf(mesh);
    const said = await runBlock('remove', variables);
    expect(said).toContain(`${id} is out`);
    expect((await pages.connected()).has(id)).toBe(false);
    expect(await pages.partiesOf(mesh)).toEqual(before);
    const { code, out } = await runMesh('doctor', '--config', at(`${id}/config.yaml`));
    expect([code, out]).toEqual([1, expect.stringMatching(/FAILING +broker .*does not let this party in/)]);
  }, 60_000);

  it('does not come back by its old request', async () => {
    const { REQUEST = '', FINGERPRINT = '' } = variables;
    expect(await admit(REQUEST, FINGERPRINT)).toMatchObject({
      code: 1,
      error: expect.stringMatching(/was used before/),
    });
    node?.kill();
    if (node !== undefined && node.exitCode === null) await once(node, 'exit');
  }, 30_000);
});
