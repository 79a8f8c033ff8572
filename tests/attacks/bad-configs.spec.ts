import { spawnSync } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { foundMesh, freePortsFor, partiesOf, placesOf, rightToRemain, type FoundedMesh } from '@anonymesh/founding';
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
  const program = fileURLToPath(new URL(`../../apps/${app}/dist/main.js`, import.meta.url));
  const { NODE_OPTIONS: _jests, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, '--config', config], {
    env,
    encoding: 'utf8',
    timeout: 20_000,
  });
  return { status, stdout, stderr };
}

async function written(party: string, change: (config: Config) => object): Promise<string> {
  const { config, home } = placesOf(mesh.dir, party);
  const file = join(home, 'changed.yaml');
  await writeFile(file, stringify(change(parse(await readFile(config, 'utf8')) as Config)));
  return file;
}

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

  it('does not start with a directory that another operator signed', async () => {
    const file = await written('coordinator', (config) => ({
      ...config,
      trust: { ...config['trust'], operator: Buffer.alloc(32, 7).toString('base64url') },
    }));
    const { status, stderr } = run('coordinator', file);
    expect(status).toBe(1);
    expect(stderr).not.toBe('');
  }, 30_000);
});
