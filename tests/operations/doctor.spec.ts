import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { chmod, cp, readdir, readFile, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { brokerPlaces, partiesOf, placesOf, rightToRemain } from '@anonymesh/founding';
import { createUser } from '@nats-io/nkeys';
import { parse, stringify } from 'yaml';
import { startTestMesh, type TestMesh } from '../mesh/start-test-mesh.js';
import { until } from '../mesh/until.js';
import { openConsole } from './console-of.js';
import { examine } from './examine.js';
import { readinessOf } from './readiness-of.js';
import { runMesh } from './run-mesh.js';

type Config = Record<string, Record<string, unknown>>;

let mesh: TestMesh;
let tenMinutesBehind: Server;
beforeAll(async () => {
  mesh = await startTestMesh();
  tenMinutesBehind = createServer((_request, response) => {
    response.setHeader('date', new Date(Date.now() - 600_000).toUTCString());
    response.end('{}');
  }).listen(0, '127.0.0.1');
  await once(tenMinutesBehind, 'listening');
}, 90_000);
afterAll(async () => {
  tenMinutesBehind?.close();
  await mesh?.end();
});

const aside = () => `127.0.0.1:${(tenMinutesBehind.address() as AddressInfo).port}`;

async function changed(party: string, change: (config: Config) => object): Promise<string> {
  const { config, home } = placesOf(mesh.dir, party);
  const file = join(home, 'changed.yaml');
  await writeFile(file, stringify(change(parse(await readFile(config, 'utf8')) as Config)));
  return file;
}

describe('mesh doctor', () => {
  it.each(partiesOf([rightToRemain(2)]).map(({ id, app }) => [id, app]))(
    'finds nothing failing at %s, and changes nothing',
    async (party, app) => {
      const { checks, ok, app: examined, found } = await examine(placesOf(mesh.dir, party).config);
      expect(examined).toBe(app);
      expect(checks.filter(({ state }) => state === 'failing')).toEqual([]);
      expect(ok).toBe(true);
      for (const name of [
        'configuration',
        'broker',
        'permissions',
        'directory',
        'store',
        'keys',
        'names',
        'certificates',
        'last-query',
      ])
        expect([name, found(name)?.state, found(name)?.reason]).toEqual([name, 'well', expect.any(String)]);
      if (app === 'lqi') expect([found('database')?.state, found('agreements')?.state]).toEqual(['well', 'well']);
    },
    30_000,
  );

  it.each(partiesOf([rightToRemain(2)]).map(({ id }) => id))(
    'looks at what %s itself looks at, and tells to who asks whether it is ready',
    async (party) => {
      const { checks } = await examine(placesOf(mesh.dir, party).config);
      const { checks: told } = (await (await fetch(`${mesh.monitoring(party)}/health/ready`)).json()) as {
        checks: object;
      };
      const names = checks.map(({ name }) => name).filter((name) => name !== 'configuration');
      expect(Object.keys(told)).toEqual(expect.arrayContaining(names));
    },
    30_000,
  );

  it('tells people line by line what is failing, why, and the next step', async () => {
    const file = await changed('hmrc', (config) => ({
      ...config,
      broker: { ...config['broker'], servers: [aside()] },
    }));
    const { code, out } = await runMesh('doctor', '--config', file);
    expect(code).toBe(1);
    expect(out).toMatch(/^FAILING +broker +What answers at 127\.0\.0\.1:\d+ is not a NATS server/m);
    expect(out).toMatch(/→ Correct broker\.servers in the config file/);
    expect(out).toMatch(/^well +configuration/m);
  }, 30_000);
});

describe('each thing that is wrong has its own words', () => {
  it('a broker that is not NATS', async () => {
    const file = await changed('hmrc', (config) => ({
      ...config,
      broker: { ...config['broker'], servers: [aside()] },
    }));
    const { found } = await examine(file);
    expect(found('broker')).toMatchObject({ state: 'failing', code: 'broker-not-nats' });
    expect(found('permissions')?.state).toBe('unknown');
  }, 30_000);

  it('a broker that is not there, and one whose name leads nowhere', async () => {
    const at = (server: string) =>
      changed('aggregator', (config) => ({ ...config, broker: { ...config['broker'], servers: [server] } }));
    const nobody = await examine(await at('nats://127.0.0.1:9'));
    expect(nobody.found('broker')).toMatchObject({ state: 'failing', code: 'broker-refused' });
    const nowhere = await examine(await at('nats://nats.nowhere.invalid:4222'));
    expect(nowhere.found('broker')).toMatchObject({ code: 'broker-name-unknown' });
    expect(nowhere.found('names')).toMatchObject({ state: 'failing', code: 'name-not-found' });
  }, 30_000);

  it('a broker that does not know the key', async () => {
    const seed = join(placesOf(mesh.dir, 'dwp').home, 'other.nk');
    await writeFile(seed, createUser().getSeed(), { mode: 0o600 });
    const file = await changed('dwp', (config) => ({ ...config, broker: { ...config['broker'], seed } }));
    expect((await examine(file)).found('broker')).toMatchObject({ state: 'failing', code: 'broker-key-refused' });
  }, 30_000);

  it('a clock that is ten minutes off', async () => {
    const issuer = `http://${aside()}`;
    const file = await changed('hmrc', (config) => ({
      ...config,
      oidc: { ...config['oidc'], issuer },
      pages: { ...config['pages'], issuer },
    }));
    const { found } = await examine(file);
    expect(found('clock')).toMatchObject({ state: 'failing', code: 'clock-off' });
    expect(found('clock')?.reason).toMatch(/^The clock is (599|60\d) seconds ahead of the identity provider’s\.$/);
  }, 30_000);

  it('a key file that others may read, in the config that would be started from', async () => {
    const key = placesOf(mesh.dir, 'council').key('signing');
    await chmod(key, 0o644);
    const { checks } = await examine(placesOf(mesh.dir, 'council').config).finally(() => chmod(key, 0o600));
    expect(checks).toEqual([
      {
        name: 'configuration',
        state: 'failing',
        code: 'config-fault',
        reason: expect.stringMatching(/council.*\.yaml:\d+:\d+: keys\.signing: others may use this file\.$/),
        todo: 'Chmod 600 it.',
      },
    ]);
  }, 30_000);

  it('every mistake in the config, with the file, the key and the fix, and never the value', async () => {
    const file = await changed('coordinator', (config) => ({
      ...config,
      listen: { port: 70_000 },
      logLevel: 'secret-of-mine',
      keys: { ...config['keys'], signing: '/no/such.pem' },
    }));
    const { checks } = await examine(file);
    const about = checks.map(({ reason }) =>
      reason
        .replace(/:\d+:\d+(?=: )/, '')
        .split(': ')
        .slice(0, 2)
        .join(': '),
    );
    expect(about.sort()).toEqual(['keys.signing', 'listen.port', 'logLevel'].map((key) => `${file}: ${key}`));
    for (const { state, todo } of checks) expect([state, todo.length > 5]).toEqual(['failing', true]);
    expect(JSON.stringify(checks)).not.toContain('secret-of-mine');
  }, 30_000);

  it('a certificate that is not for the name by which people call the console', async () => {
    const { certificate, key } = brokerPlaces(mesh.dir); // it is for this machine
    const called = async (publicUrl: string) => {
      const secured = (config: Config) => ({
        ...config,
        listen: { ...config['listen'], tls: { certificate, key } },
        pages: { ...config['pages'], publicUrl },
      });
      return (await examine(await changed('hmrc', secured))).found('certificates');
    };
    expect(await called('https://localhost:8443')).toMatchObject({ state: 'well' });
    const found = await called('https://lqi.hmrc.example');
    expect(found).toMatchObject({ state: 'attention', code: 'certificate-other-name' });
    expect(found?.reason).toContain('lqi.hmrc.example');
  }, 30_000);

  it('a portal to which all people come from one address, that of a proxy that it was not told of', async () => {
    const behind = async (more: object) => {
      const file = await changed('appeal-portal', (config) => ({
        ...config,
        pages: { ...config['pages'], publicUrl: 'https://appeals.example' },
        ...more,
      }));
      return (await examine(file)).found('proxies');
    };
    expect(await behind({})).toMatchObject({
      state: 'failing',
      code: 'proxies-missing',
      todo: expect.stringContaining('x-forwarded-for'),
    });
    expect(await behind({ proxies: ['192.0.2.0/24'] })).toMatchObject({ state: 'well' });
  }, 30_000);

  it('keys to open with that are not the published ones', async () => {
    const sealing = [placesOf(mesh.dir, 'dwp').key('sealing')];
    const file = await changed('hmrc', (config) => ({ ...config, keys: { ...config['keys'], sealing } }));
    const found = (await examine(file)).found('directory');
    expect(found).toMatchObject({ state: 'failing', code: 'key-not-here' });
    expect(found?.reason).toContain('(sealing)');
  }, 30_000);

  it('a directory that another operator signed', async () => {
    const operator = Buffer.alloc(32, 7).toString('base64url');
    const file = await changed('hmrc', (config) => ({ ...config, trust: { ...config['trust'], operator } }));
    const { found } = await examine(file);
    expect(found('directory')).toMatchObject({ state: 'failing', code: 'trust-unreadable' });
    expect(found('directory')?.reason).toMatch(/directory\.json: the operator did not sign this directory/);
  }, 30_000);

  it('a template that is not the one that was agreed upon', async () => {
    const { templates } = placesOf(mesh.dir, 'council');
    const folder = join(mesh.dir, 'other-templates');
    await cp(templates, folder, { recursive: true });
    for (const name of await readdir(folder)) {
      const text = await readFile(join(folder, name), 'utf8');
      await writeFile(join(folder, name), text.replace('-12 months', '-13 months'));
    }
    const { found } = await examine(await changed('council', (config) => ({ ...config, templates: folder })));
    expect(found('agreements')).toMatchObject({
      state: 'failing',
      code: 'no-agreement',
      todo: expect.stringMatching(/^Put the template that the agreement pins, with both signatures/),
    });
  }, 30_000);

  it('a database that is not there', async () => {
    const folder = join(mesh.dir, 'no-records');
    const file = await changed('dwp', (config) => ({ ...config, source: { ...config['source'], folder } }));
    const { found } = await examine(file);
    expect(found('database')).toMatchObject({ state: 'failing', code: 'database-unavailable' });
  }, 30_000);
});

describe('a node that runs', () => {
  it('says in its console and in its log that its broker is none', async () => {
    const staff = await openConsole(mesh, 'hmrc');
    expect((await staff.told('broker')).state).toBe('well');
    await mesh.child('broker').kill();
    const instead = createServer((_request, response) => response.end()).listen(mesh.ports.get('broker'), '127.0.0.1');
    await once(instead, 'listening');
    try {
      const found = await until('it is told', async () => {
        const told = await staff.told('broker');
        return told.code === 'broker-not-nats' && told;
      });
      expect(found).toMatchObject({ state: 'failing', todo: expect.stringContaining('broker.servers') });
      expect(await readFile(placesOf(mesh.dir, 'hmrc').log, 'utf8')).toContain('"found":"broker-not-nats"');
    } finally {
      instead.closeAllConnections();
      await new Promise((closed) => instead.close(closed));
      await mesh.restart('broker');
    }
    await until('it is well again', async () => (await staff.told('broker')).state === 'well');
  }, 60_000);

  it('is degraded and no less served, and tells and logs why, while others may read its key', async () => {
    const { dir } = mesh;
    const ready = () => readinessOf(mesh, 'hmrc');
    expect(await ready()).toMatchObject({ status: 200, state: 'ready' });
    const staff = await openConsole(mesh, 'hmrc');
    const key = placesOf(dir, 'hmrc').key('sealing');
    await chmod(key, 0o604);
    try {
      const { status, failing } = await until('hmrc is degraded', async () => {
        const found = await ready();
        return found.state === 'degraded' && found;
      });
      expect([status, failing]).toEqual([200, { keys: 'key-file-mode' }]);
      expect(await readFile(placesOf(dir, 'hmrc').log, 'utf8')).toContain('"found":"key-file-mode"');
      expect(await staff.told('keys')).toMatchObject({
        state: 'failing',
        todo: expect.stringMatching(/^chmod 600 .*sealing\.pem/),
      });
    } finally {
      await chmod(key, 0o600);
    }
    await until('hmrc is ready again', async () => (await ready()).state === 'ready');
  }, 60_000);
});
