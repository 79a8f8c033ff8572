// docker-compose.yml as a wall: who could reach whom, and which secret is whose, if it were started as it stands.
import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { parties as partyKinds } from '../../boundaries.mjs';
import { readDocument } from './documents.js';
import { root } from './run-node.js';

interface Service {
  readonly image: string;
  readonly build?: { readonly target: string };
  readonly networks: readonly string[];
  readonly secrets?: readonly { readonly source: string }[];
  readonly volumes?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly healthcheck?: object;
  readonly ports?: readonly string[];
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
}

const { services, networks, secrets } = parse(await readDocument('docker-compose.yml'), { merge: true }) as Compose;
const database = /^(.*)-(store|records)$/;
const partyOf = (service: string) => database.exec(service)?.[1] ?? service;
const on = (network: string) => Object.keys(services).filter((name) => services[name]?.networks.includes(network));
const databases = Object.keys(services).filter((name) => database.test(name));
const apps = Object.keys(services).filter((name) => name !== 'broker' && !database.test(name));

describe('docker-compose.yml', () => {
  it('runs every kind of party’s app', () => {
    const images = apps.map((name) => /^anonymesh\/([a-z-]+):/.exec(services[name]?.image ?? '')?.[1]);
    const expected = Object.values(partyKinds).map(({ app }) => app);
    expect([...new Set(images)].sort()).toEqual([...expected].sort());
  });

  it('has no network on which two parties meet: between them there is only the broker', () => {
    const meetings = Object.keys(networks).filter((network) => {
      return (
        new Set(
          on(network)
            .map(partyOf)
            .filter((party) => party !== 'broker'),
        ).size > 1
      );
    });
    expect(meetings).toEqual([]);
  });

  it('lets a database be reached by its own party’s app alone, and by no other machine', () => {
    for (const name of databases) {
      const { networks: its = [], ports } = services[name] ?? {};
      expect(its.map((network) => ({ on: on(network).sort(), internal: networks[network]?.internal }))).toEqual([
        { on: [partyOf(name), name].sort(), internal: true },
      ]);
      expect(ports).toBeUndefined();
    }
    expect(databases).toEqual(expect.arrayContaining(['coordinator-store', 'aggregator-store']));
  });

  it('opens a port only where people come in, and only on this machine', () => {
    const open = Object.entries(services).filter(([, { ports }]) => ports !== undefined);
    expect(open.map(([name]) => name).sort()).toEqual(['appeal-portal', 'immigration']);
    for (const [, { ports = [] }] of open) for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  it('gives secrets as files, each to one service, of its own party, and none in the environment', () => {
    const given = Object.entries(services).flatMap(([name, { secrets: its = [] }]) =>
      its.map(({ source }) => ({ name, source })),
    );
    expect(given.map(({ source }) => source).sort()).toEqual(Object.keys(secrets).sort());
    expect(given.filter(({ name, source }) => !source.startsWith(`${partyOf(name)}-`))).toEqual([]);
    expect(given.filter(({ name, source }) => !secrets[source]?.file.includes(`/${partyOf(name)}/keys/`))).toEqual([]);
    const variables = Object.values(services).flatMap(({ environment = {} }) => Object.keys(environment));
    const values = variables.filter((name) => /PASSWORD|SECRET|TOKEN|SEED/.test(name) && !name.endsWith('_FILE'));
    expect(values).toEqual(['MARIADB_RANDOM_ROOT_PASSWORD']); // a switch: nobody is told that password
  });

  it('mounts each app its config, which is there, and nothing of this machine that could be written', () => {
    const mounts = Object.values(services)
      .flatMap(({ volumes = [] }) => volumes)
      .filter((mount) => /^[.$]/.test(mount));
    expect(mounts.filter((mount) => !mount.endsWith(':ro'))).toEqual([]);
    for (const name of apps) {
      expect(services[name]?.volumes).toContain(`./deploy/${name}/config.yaml:/etc/anonymesh/config.yaml:ro`);
      expect(existsSync(join(root, `deploy/${name}/config.yaml`))).toBe(true);
    }
  });

  it('builds each app from the target of its name, whose image says how one knows that it works', () => {
    for (const name of apps) {
      const { image = '', build } = services[name] ?? {};
      expect(image).toMatch(new RegExp(`^anonymesh/${build?.target ?? '-'}:`));
    }
    const others = Object.keys(services).filter((name) => services[name]?.build === undefined);
    expect(others.filter((name) => services[name]?.healthcheck === undefined)).toEqual([]);
  });
});

const programs = [['docker', 'compose'], ['docker-compose']] as const;
const program = programs.find(([command, ...args]) => spawnSync(command, [...args, 'version']).status === 0);
if (program === undefined) {
  process.stderr.write(
    'SKIPPED: `docker compose config` does not check docker-compose.yml: no Compose on this machine\n',
  );
}

describe('Docker Compose', () => {
  (program === undefined ? it.skip : it)('accepts docker-compose.yml', () => {
    const [command = 'docker', ...args] = program ?? [];
    const { status, stderr } = spawnSync(command, [...args, '-f', 'docker-compose.yml', 'config', '-q'], {
      cwd: root,
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});
