// What an operator makes who has no broker yet, and what it is told where that cannot be. How a server runs by it:
// tests/operations/from-nothing.spec.ts.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mesh, meshJson } from '../fixtures/mesh.js';
import { readBrokerFile } from './broker-file.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mesh-cli-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const at = (path: string) => join(folder, path);

function init(home: string, options: Record<string, string> = {}) {
  const all = { host: 'broker.example.org', ...options };
  return mesh('broker', 'init', home, ...Object.entries(all).flatMap(([option, value]) => [`--${option}`, value]));
}

describe('mesh broker init', () => {
  it.each<[what: string, options: Record<string, string>, said: RegExp]>([
    ['a host that is a command', { host: 'broker; reboot' }, /neither an address nor a DNS name/],
    ['a host that is an address with a port', { host: 'broker:4222' }, /neither an address nor a DNS name/],
    ['no host', { host: '' }, /neither an address nor a DNS name/],
    ['a port that is none', { port: '0' }, /--port is a port/],
    ['status pages at a port that is none', { 'monitoring-port': 'http' }, /--monitoring-port is a port/],
    ['one port for two things', { port: '8222' }, /are the same/],
    ['a name to listen on', { listen: 'everywhere' }, /--listen is an address/],
    ['room for nobody', { parties: '0' }, /--parties is a number from 1 to 2000/],
    ['room for more than a directory has', { parties: '2001' }, /--parties is a number from 1 to 2000/],
  ])('with %s makes nothing, and says why', async (_what, options, said) => {
    const { code, out, error } = await init(at('refused'), options);
    expect([code, out, error]).toEqual([2, '', expect.stringMatching(said)]);
    expect(existsSync(at('refused'))).toBe(false);
  });

  it('makes nothing in a folder with something in it, or whose path the server cannot take', async () => {
    mkdirSync(at('old'));
    writeFileSync(at('old/provisioning.seed'), 'of the broker that runs');
    expect(await init(at('old'))).toMatchObject({
      code: 2,
      error: expect.stringMatching(/something is in it already/),
    });
    expect(readFileSync(at('old/provisioning.seed'), 'utf8')).toBe('of the broker that runs');
    expect((await init(at('a "b"'))).error).toMatch(/characters that no server takes/);
    expect(existsSync(at('a "b"'))).toBe(false);
  });

  it('makes a file that mesh reads, and keys and a configuration for its owner alone', async () => {
    expect(await init(at('broker'), { port: '4333', parties: '7' })).toMatchObject({ code: 0, error: '' });
    for (const name of ['provisioning.seed', 'broker.yaml', 'nats.conf'])
      expect([name, statSync(at(`broker/${name}`)).mode & 0o777]).toEqual([name, 0o600]);
    expect(statSync(at('broker')).mode & 0o777).toBe(0o700);
    expect(readBrokerFile(at('broker/broker.yaml'))).toMatchObject({
      port: 4333,
      storeDir: at('broker/streams'),
      streams: { most: 7 },
      tls: { ca: at('broker/ca.pem'), certificate: at('broker/broker.pem'), key: at('broker/broker-key.pem') },
      provisioning: { url: 'nats://broker.example.org:4333', seed: at('broker/provisioning.seed') },
    });
    expect(JSON.parse(readFileSync(at('broker/nats.conf'), 'utf8'))).toMatchObject({
      port: 4333,
      tls: { verify: true, ca_file: at('broker/ca.pem') },
      jetstream: { max_file_store: 7 * 2 ** 28 },
      accounts: { MESH: { users: [{ nkey: expect.stringMatching(/^U/) }] } },
    });
  });

  it('calls a broker by an address, also of the newer kind', async () => {
    await init(at('six'), { host: '2001:db8::1', listen: '::' });
    expect(readBrokerFile(at('six/broker.yaml')).provisioning.url).toBe('nats://[2001:db8::1]:4222');
  });
});

describe('the operator’s file about the broker', () => {
  const configure = (file: string) =>
    mesh('broker', 'configure', file, '--directory', at('directory.json'), '--operator', 'x');

  it('is not used where others may read the key that makes streams', async () => {
    await init(at('open'));
    chmodSync(at('open/provisioning.seed'), 0o644);
    expect(() => readBrokerFile(at('open/broker.yaml'))).toThrow(/provisioning\.seed: others may read this key/);
    rmSync(at('open/provisioning.seed'));
    expect(() => readBrokerFile(at('open/broker.yaml'))).toThrow(/ENOENT.*provisioning\.seed/);
    expect((await configure(at('open/broker.yaml'))).code).toBe(2);
  });

  it('says of a key that is misspelt where it is', async () => {
    await init(at('misspelt'));
    const file = at('misspelt/broker.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replace('maxPayload', 'maxPlayload'));
    expect(() => readBrokerFile(file)).toThrow(expect.objectContaining({ flaws: expect.any(Array) }));
  });
});

describe('a party that asks to be let in at a broker that does not run yet', () => {
  it('is in the directory, and the operator is told what is left to do; a second coordinator is not', async () => {
    const operator = (await meshJson('keys', 'new', at('operator'), '--operator')).json.publicKey as string;
    await init(at('early'));
    writeFileSync(at('early/ca.pem'), '');
    const admit = async (id: string) => {
      const joining = ['--kind', 'coordinator', '--id', id, '--name', id, '--broker', 'nats://broker.example.org:4222'];
      const { json } = await meshJson('party', 'init', at(id), ...joining, '--operator', operator);
      const named = [at('directory.json'), json.request, '--operator-key', at('operator/operator.pem')];
      const told = ['--fingerprint', json.fingerprint, '--kind', 'coordinator'];
      const { code, error } = await mesh(
        'directory',
        'admit',
        ...[...named, ...told, '--broker', at('early/broker.yaml'), '--out', at(`${id}-answer`)],
      );
      return [code, error];
    };
    expect(await admit('coordinator')).toEqual([4, expect.stringMatching(/broker does not run.*start it/)]);
    const directory = readFileSync(at('directory.json'));
    const config = readFileSync(at('early/nats.conf'));
    expect(JSON.parse(config.toString()).accounts).toHaveProperty('coordinator');
    expect(await admit('second')).toEqual([1, expect.stringMatching(/has more than one receiver/)]);
    expect(readFileSync(at('directory.json'))).toEqual(directory);
    expect(readFileSync(at('early/nats.conf'))).toEqual(config);
    expect(existsSync(at('second-answer'))).toBe(false);
  });
});
