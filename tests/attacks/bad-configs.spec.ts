import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { examine } from '../operations/examine.js';
import {
  foundMesh,
  freePortsFor,
  partiesOf,
  placesOf,
  programOf,
  rightToRemain,
  type FoundedMesh,
} from '@anonymesh/founding';
import { parse, stringify } from 'yaml';

const examples = [rightToRemain(2000)];
let mesh: FoundedMesh;

beforeAll(async () => {
  const dir = await mkdtemp(join(tmpdir(), 'anonymesh-configs-'));
  const cache = fileURLToPath(new URL('../../node_modules/.cache/anonymesh', import.meta.url));
  const ports = await freePortsFor(partiesOf(examples));
  mesh = await foundMesh({ dir, cache, ports, examples });
}, 60_000);
afterAll(() => rm(mesh.dir, { recursive: true, force: true }));

type Config = Record<string, Record<string, unknown>>;

function run(app: string, config: string) {
  const { NODE_OPTIONS: _jests, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [programOf(app), '--config', config], {
    env,
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { status, stdout, stderr };
}

async function written(party: string, change: (config: Config) => object): Promise<string> {
  const { config, home } = placesOf(mesh.dir, party);
  const file = join(home, 'changed.yaml');
  await writeFile(file, stringify(change(parse(await readFile(config, 'utf8')) as Config)));
  return file;
}

/** A file that holds something else than it should. */
function holding(text: string): string {
  const file = join(mesh.dir, `holding-${files++}`);
  writeFileSync(file, text, { mode: 0o600 });
  return file;
}
let files = 0;

/** Party and app, which key is wrong and how, and what is said. */
type Mistake = readonly [app: string, party: string, key: string, change: (config: Config) => object, said: RegExp];

const put = (config: Config, section: string, values: object) => ({
  ...config,
  [section]: { ...config[section], ...values },
});
const store = (text: string) => (config: Config) => ({
  ...config,
  store: { kind: 'postgres', url: holding(text) },
  spill: '/tmp',
});
const records = (kind: string, text: string) => (config: Config) => ({
  ...config,
  source: { kind, url: holding(text), ...(kind === 'mongodb' ? { database: 'records' } : {}) },
});
const notIts = 'postgres://lqi:hunter2@db.example/records';
const lqi = ['lqi', 'hmrc'] as const;

/** Found before anything is connected to. */
const mistakes: readonly Mistake[] = [
  [
    ...lqi,
    'broker.seed',
    (config) => put(config, 'broker', { seed: holding('hunter2') }),
    /not the nkey seed of a user/,
  ],
  [...lqi, 'keys.signing', (config) => put(config, 'keys', { signing: holding('hunter2') }), /not a private key/],
  [
    ...lqi,
    'keys.signing',
    (config) => put(config, 'keys', { signing: placesOf(mesh.dir, 'hmrc').key('sealing') }),
    /not an Ed25519 key \(name the file of an Ed25519 key/,
  ],
  [
    ...lqi,
    'keys.mask.0',
    (config) => put(config, 'keys', { mask: [placesOf(mesh.dir, 'hmrc').key('signing')] }),
    /not an X25519 key/,
  ],
  [...lqi, 'keys.mask', (config) => put(config, 'keys', { mask: [] }), /missing, .* \(add the mask key/],
  [...lqi, 'templates', (config) => ({ ...config, templates: '/no/such' }), /no such folder \(make the folder/],
  [...lqi, 'spill', (config) => ({ ...config, spill: holding('') }), /a file, and no folder/],
  [...lqi, 'source.url', records('postgres', 'hunter2'), /no connection string in it \(write it as postgres:/],
  [...lqi, 'source.url', records('mysql', notIts), /of another kind of database \(write it as mysql:/],
  [...lqi, 'source.url', records('mongodb', 'hunter2'), /no connection string in it \(write it as mongodb:/],
  [...lqi, 'source.url', records('mysql', 'mysql://a:hunt#er2@:0/'), /is no address \(write it as .* as %XX\)/],
  [
    ...lqi,
    'pages.sessionSecret',
    (config) => put(config, 'pages', { sessionSecret: holding('hunter2') }),
    /fewer than 32 bytes in it \(write 32 random bytes/,
  ],
  [...lqi, 'pages.clientSecret', (config) => put(config, 'pages', { clientSecret: holding('\n') }), /nothing in it/],
  ['coordinator', 'coordinator', 'store.url', store('mysql://a:hunter2@db.example/x'), /another kind of database/],
  [
    'coordinator',
    'coordinator',
    'trust.directory',
    (config) => put(config, 'trust', { directory: '/no/such.json' }),
    /no such file \(put the file there/,
  ],
  [
    'coordinator',
    'coordinator',
    'trust.agreements',
    (config) => put(config, 'trust', { agreements: holding('') }),
    /a file, and no folder/,
  ],
  ['aggregator', 'aggregator', 'spool', (config) => ({ ...config, spool: holding('') }), /a file, and no folder/],
];

/** Found when it is used. */
const later: readonly Mistake[] = [
  [
    'coordinator',
    'coordinator',
    'trust',
    (config) => put(config, 'trust', { operator: Buffer.alloc(32, 7).toString('base64url') }),
    /directory\.json: the operator did not sign this directory \(put back what the operator/,
  ],
  [
    'coordinator',
    'coordinator',
    'trust',
    (config) => put(config, 'trust', { directory: holding('hunter2') }),
    /holding-\d+: not JSON \(put back/,
  ],
  [
    'coordinator',
    'coordinator',
    'store.url',
    (config) => ({ ...config, store: { kind: 'postgres', url: holding('postgres://a:hunter2@127.0.0.1:9/x') } }),
    /cannot be opened: .*ECONNREFUSED \(look whether its server runs/,
  ],
  [
    'coordinator',
    'coordinator',
    'store.file',
    (config) => ({ ...config, store: { kind: 'embedded', file: join(holding(''), 'store.sqlite') } }),
    /cannot be opened: .* \(look whether it is a SQLite file/,
  ],
];

describe('each mistake in a config file', () => {
  it.each([...mistakes.map((each) => [2, ...each] as const), ...later.map((each) => [1, ...each] as const)])(
    'ends with %i, at %s of %s, and names the file, the key %s and the fix, not the value',
    async (code, app, party, key, change, said) => {
      const file = await written(party, change);
      const { status, stderr } = run(app, file);
      // What is seen in the file itself has its place in it.
      const unplaced = stderr.replace(/:\d+:\d+(?=: )/, '');
      expect([status, unplaced]).toEqual([code, expect.stringContaining(`${file}: ${key}: `)]);
      expect(stderr).toMatch(said);
      expect(stderr).not.toContain('hunter2');
    },
    30_000,
  );

  it('is told by mesh doctor as well, also where it comes up only as the template is read', async () => {
    const { templates } = placesOf(mesh.dir, 'dwp');
    const broken = join(templates, 'broken.yaml');
    await writeFile(broken, 'kind: sql\n');
    const { checks } = await examine(placesOf(mesh.dir, 'dwp').config).finally(() => rm(broken));
    const told = checks.filter(({ name }) => name === 'configuration');
    expect(told).toEqual([
      expect.objectContaining({
        state: 'failing',
        code: 'config-fault',
        reason: expect.stringMatching(/dwp.*\.yaml: templates: .*broken\.yaml:/s),
        todo: 'Correct that file, or take it out of the folder.',
      }),
    ]);
  }, 30_000);
});

describe('a config file that is wrong', () => {
  it.each(
    partiesOf(examples)
      .filter(({ id }) => id !== 'dwp' && id !== 'council')
      .map(({ id, app }) => [id, app]),
  )(
    'of %s is told fault by fault, all at once, and nothing starts',
    async (party, app) => {
      const file = await written(party, (config) => ({
        ...config,
        party: 'No Party',
        listen: { ...config['listen'], port: 70_000 },
        keys: { ...config['keys'], signing: join(mesh.dir, 'no-such.pem') },
        broker: { servers: [] },
        logLevel: 'debug',
      }));
      const { status, stdout, stderr } = run(app, file);
      expect(status).toBe(2);
      expect(stdout).toBe('');
      for (const key of ['party', 'listen.port', 'keys.signing', 'broker.servers', 'broker.seed', 'logLevel'])
        expect(stderr).toContain(key);
      expect(stderr).not.toContain('No Party');
    },
    30_000,
  );

  it('does not start with a key that others may read', async () => {
    const key = placesOf(mesh.dir, 'aggregator').key('signing');
    await chmod(key, 0o644);
    const { status, stderr } = run('aggregator', placesOf(mesh.dir, 'aggregator').config);
    await chmod(key, 0o600);
    expect([status, stderr]).toEqual([2, expect.stringContaining('keys.signing')]);
  }, 30_000);

  it('does not start without a file, with none there, or with one that is no YAML', async () => {
    const broken = join(mesh.dir, 'broken.yaml');
    await writeFile(broken, 'party: [secret-of-mine\n');
    expect(run('coordinator', '').status).toBe(2);
    expect(run('coordinator', join(mesh.dir, 'nowhere.yaml')).status).toBe(2);
    const { status, stderr } = run('coordinator', broken);
    expect(status).toBe(2);
    expect(stderr).not.toContain('secret-of-mine');
  }, 30_000);
});
