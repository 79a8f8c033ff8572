// docs/operations.md from nothing: an operator makes key, authority and broker, and parties that are no holders join; by the
// commands that stand there, with a real broker. How a holder joins, and comes to answer: holder-guide.spec.ts.
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePorts } from '@anonymesh/founding';
import { root } from '../boundary/run-node.js';
import { until } from '../mesh/until.js';
import { startIssuer, type TestIssuer } from '../servers/issuer.js';
import { runBlock, startBlock } from './commands-of.js';
import { examine } from './examine.js';
import { fingerprintIn } from './newcomer.js';
import { runMesh } from './run-mesh.js';
import { openStatusPages, type StatusPages } from './status-pages.js';

const joining = [
  ['coordinator', 'coordinator', 'coordinator'],
  ['aggregator', 'aggregator', 'aggregator'],
  ['portal', 'appeal-portal', 'appeal-portal'],
  ['requester', 'immigration', 'requester-ui'],
] as const;

let folder: string;
let pages: StatusPages;
let issuer: TestIssuer;
let ports: ReadonlyMap<string, number>;
let variables: Record<string, string>;
/** In the order in which they were started. */
const running: ChildProcess[] = [];
const joined: string[] = [];

const at = (path: string) => join(folder, path);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'anonymesh-from-nothing-'));
  [pages, issuer, ports] = await Promise.all([
    openStatusPages(),
    startIssuer(),
    freePorts(['broker', ...joining.map(([, id]) => id)]),
  ]);
  variables = {
    SAFE: at('safe'),
    CA: at('ca'),
    BROKER_HOME: at('broker'),
    BROKER_HOST: '127.0.0.1',
    BROKER_PORT: String(ports.get('broker')),
    STATUS_PORT: String(pages.port),
    BROKER: at('broker/broker.yaml'),
    BROKER_URL: `nats://127.0.0.1:${ports.get('broker')}`,
    OPERATOR_KEY: at('safe/operator.pem'),
    DIRECTORY: at('directory.json'),
    ISSUER: issuer.url,
    APP: root,
  };
});
afterAll(async () => {
  for (const child of running.reverse()) {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }
  await issuer?.stop();
  await rm(folder, { recursive: true, force: true });
}, 30_000);

async function start(block: string, more: Record<string, string> = {}): Promise<void> {
  const { child } = await startBlock(block, { ...variables, ...more });
  for (const output of [child.stdout, child.stderr]) output.resume(); // a full pipe would hold it up
  running.push(child);
}

/** As a change of the directory reaches those who are in it already. */
async function giveOthers(directory: string): Promise<void> {
  for (const id of joined) {
    await copyFile(directory, at(`${id}/trust/directory.json.new`));
    await rename(at(`${id}/trust/directory.json.new`), at(`${id}/trust/directory.json`));
  }
}

describe('a mesh from nothing', () => {
  it('begins with the operator’s key and an authority', async () => {
    const said = await runBlock('operator', variables);
    const [, OPERATOR = ''] = /trust\.operator\):\n {2}(\S{43})$/m.exec(said) ?? [];
    variables = { ...variables, OPERATOR };
    expect(said).toContain(at('safe/operator.pem'));
  });

  it('has a broker that lets nobody in yet', async () => {
    await runBlock('broker-init', variables);
    for (const secret of ['provisioning.seed', 'broker-key.pem', 'provisioning-key.pem'])
      expect([secret, (await stat(at(`broker/${secret}`))).mode & 0o777]).toEqual([secret, 0o600]);
    await start('broker-start');
    const connected = await until('it listens', () => pages.connected().catch(() => undefined));
    expect([...connected.keys()]).toEqual([]);
  }, 60_000);

  it.each(joining)(
    'lets in a %s, which is connected and well',
    async (kind, id, program) => {
      const people = kind === 'requester' || kind === 'portal';
      const own = {
        KIND: kind,
        ID: id,
        NAME: `Office of ${id}`,
        PARTY: at(id),
        PORT: String(ports.get(id)),
        REQUEST: at(`${id}/join-request.jws`),
        ANSWER: at(`${id}-answer`),
        PROGRAM: program,
      };
      const run = (block: string, more = {}) => runBlock(block, { ...variables, ...own, ...more });
      const FINGERPRINT = fingerprintIn(await run(people ? 'party-init-people' : 'party-init'));
      const before = await pages.connected();
      expect(await run('admit-party', { FINGERPRINT })).toContain(`${id} is admitted`);
      expect(await run('accept-party')).toMatch(/ 0 failing, 0 to look at/);
      await giveOthers(String(variables['DIRECTORY']));
      await start('party-start', own);
      await until('it is connected', async () => (await pages.connected()).has(id), 60);
      for (const [name, connection] of before)
        expect([name, (await pages.connected()).get(name)]).toEqual([name, connection]);
      joined.push(id);
      const { checks, app } = await examine(at(`${id}/config.yaml`));
      expect(app).toBe(program);
      const wrong = checks.filter(({ state }) => state === 'failing' || state === 'attention');
      expect(wrong).toEqual([]);
      const well = checks.flatMap(({ name, state }) => (state === 'well' ? [name] : []));
      const looked = ['configuration', 'broker', 'permissions', 'directory', 'store', 'certificates', 'keys', 'names'];
      expect(well).toEqual(expect.arrayContaining(looked));
    },
    120_000,
  );

  it('has all of them well at last, each with the rights that it needs towards the others', async () => {
    for (const id of joined) {
      const { found } = await examine(at(`${id}/config.yaml`));
      const { state, reason = '' } = found('permissions') ?? {};
      expect([id, state, /on all [1-9]\d* subjects/.test(reason)]).toEqual([id, 'well', true]);
      const { status } = await fetch(`http://127.0.0.1:${ports.get(id)}/health/ready`);
      expect([id, status]).toEqual([id, 200]);
    }
    expect(joined).toHaveLength(joining.length);
  }, 60_000);

  it('lets nobody in by a request that was used, for another kind, or for a place that is taken', async () => {
    const { DIRECTORY = '', OPERATOR = '', OPERATOR_KEY = '', BROKER = '', BROKER_URL = '', CA = '' } = variables;
    const [directory, config] = [await readFile(DIRECTORY), await readFile(at('broker/nats.conf'))];
    const before = await pages.connected();
    const admit = async (request: string, fingerprint: string, kind: string) => {
      const named = [DIRECTORY, request, '--kind', kind, '--operator-key', OPERATOR_KEY, '--fingerprint', fingerprint];
      const { code, error } = await runMesh(
        'directory',
        'admit',
        ...[...named, '--broker', BROKER, '--ca', CA, '--out', at('refused')],
      );
      return [code, error];
    };
    const init = async (home: string, kind: string, id: string) => {
      const named = ['--kind', kind, '--id', id, '--name', id, '--broker', BROKER_URL, '--operator', OPERATOR];
      const { out } = await runMesh('party', 'init', at(home), ...named, '--json');
      return JSON.parse(out) as { request: string; fingerprint: string };
    };
    const review = await runMesh(
      'directory',
      'review',
      at('immigration/join-request.jws'),
      '--operator',
      OPERATOR,
      '--json',
    );
    const { fingerprint } = JSON.parse(review.out) as { fingerprint: string };
    expect(await admit(at('immigration/join-request.jws'), fingerprint, 'requester')).toEqual([
      1,
      expect.stringMatching(/was used before/),
    ]);
    const second = await init('second', 'aggregator', 'second');
    expect(await admit(second.request, second.fingerprint, 'requester')).toEqual([
      1,
      expect.stringMatching(/asks to be let in as aggregator, not as requester/),
    ]);
    expect(await admit(second.request, second.fingerprint, 'aggregator')).toEqual([
      1,
      expect.stringMatching(/has more than one receiver/),
    ]);
    const namesake = await init('namesake', 'holder', 'immigration');
    expect(await admit(namesake.request, namesake.fingerprint, 'holder')).toEqual([
      1,
      expect.stringMatching(/admitted with another identity/),
    ]);
    expect([await readFile(DIRECTORY), await readFile(at('broker/nats.conf'))]).toEqual([directory, config]);
    expect(await pages.connected()).toEqual(before);
  }, 60_000);
});
