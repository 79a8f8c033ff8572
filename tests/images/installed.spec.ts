// The blocks of docs/operations.md about installing, starting and upgrading, as they stand there: from the sources in a
// folder of their own to a holder's node that goes on, under what was laid out anew, with queries that are under way.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { samples } from '@anonymesh/examples';
import { placesOf, programOf } from '@anonymesh/founding';
import { execFile, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../boundary/run-node.js';
import { startTestMesh, type TestMesh } from '../mesh/start-test-mesh.js';
import { until } from '../mesh/until.js';
import { blocksOf, runBlock, startBlock } from '../operations/commands-of.js';
import { copyContext } from './follow-dockerfile.js';

const run = promisify(execFile);
let dir: string;
let variables: Record<string, string>;
let mesh: TestMesh | undefined;
let node: ChildProcess | undefined;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'anonymesh-installed-'));
  const at = (name: string) => join(dir, name);
  variables = { SOURCE: at('source'), APP: at('app'), NEW: at('new'), BACKUPS: at('backups') };
  await copyContext(at('source'));
  await mkdir(at('backups'));
}, 60_000);
afterAll(async () => {
  node?.kill();
  await mesh?.end();
  await rm(dir, { recursive: true, force: true });
}, 60_000);

/** Where npm finds this account's settings, and whom it believes. */
function npmSettings(): Record<string, string> {
  const names = Object.keys(process.env).filter((name) => /^(HOME|NODE_EXTRA_CA_CERTS|https?_proxy)$/i.test(name));
  return Object.fromEntries(names.map((name) => [name, process.env[name] ?? '']));
}

describe('docs/operations.md', () => {
  it('lays out an app by the steps that make its image', async () => {
    await runBlock('install', { ...npmSettings(), ...variables });
    const steps = (await blocksOf()).get('install')?.split('\n') ?? [];
    const dockerfile = await readFile(join(root, 'Dockerfile'), 'utf8');
    for (const step of steps.filter((each) => /^(npm|node) /.test(each)))
      expect(dockerfile).toContain(`RUN ${step.replace('"$NEW"', 'image')}\n`);
  }, 900_000);

  it('upgrades a node while queries are under way, and none is lost', async () => {
    const { APP = '', NEW = '' } = variables;
    await run('cp', ['--archive', NEW, APP]);
    mesh = await startTestMesh({
      terms: { deadlineSeconds: 240 },
      mainOf: (app) => (app === 'lqi' ? join(APP, 'dist/lqi/main.js') : programOf(app)),
    });
    const running = mesh;
    const place = { ...variables, PARTY: placesOf(running.dir, 'hmrc').home };
    const ask = () => Promise.all(samples.map(async (person) => ({ ...(await running.ask(person)), person })));
    await running.child('aggregator').stop();
    const before = await ask();
    const [during] = await Promise.all([
      ask(),
      runBlock('upgrade', { ...place, NODE: String(running.child('hmrc').pid) }),
    ]);
    const started = await startBlock('start', place);
    node = started.child;
    let said = '';
    started.child.stdout.on('data', (text: Buffer) => (said += text.toString()));
    await until('it listens', () => said.includes('"event":"listening"'), 60);
    await running.restart('aggregator');
    for (const { queryId, person } of [...before, ...during])
      expect(await running.ended(queryId, 60)).toMatchObject({ outcome: person.outcome, code: 'all-answered' });
  }, 300_000);
});
