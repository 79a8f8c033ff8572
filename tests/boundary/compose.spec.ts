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
  readonly networks: readonly string[] | Readonly<Record<string, object>>;
  readonly secrets?: readonly { readonly source: string }[];
  readonly volumes?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly healthcheck?: object;
  readonly ports?: readonly string[];
  readonly command?: readonly string[];
  readonly user?: string;
  readonly read_only?: boolean;
  readonly tmpfs?: readonly string[];
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<
    Record<
      string,
      {
        readonly internal?: boolean;
        readonly ipam?: { readonly config: readonly { readonly subnet: string; readonly gateway: string }[] };
      }
    >
  >;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
}

interface Listening {
  readonly listen: { readonly port: number; readonly tls?: object };
  readonly monitoring: { readonly host: string; readonly port: number };
  readonly pages?: { readonly publicUrl: string };
  readonly proxies?: readonly string[];
}

const { services, networks, secrets } = parse(await readDocument('docker-compose.yml'), { merge: true }) as Compose;
const database = /^(.*)-(store|records)$/;
const partyOf = (service: string) => database.exec(service)?.[1] ?? service;
const networksOf = ({ networks: its = [] }: Partial<Service> = {}) =>
  (Array.isArray(its) ? its : Object.keys(its)) as string[];
const on = (network: string) => Object.keys(services).filter((name) => networksOf(services[name]).includes(network));
const databases = Object.keys(services).filter((name) => database.test(name));
/** What serves several parties, and is no party's. */
const shared = ['broker', 'identity'];
const apps = Object.keys(services).filter((name) => !shared.includes(name) && !database.test(name));

describe('docker-compose.yml', () => {
  it('runs every kind of party’s app', () => {
    const images = apps.map((name) => /^anonymesh\/([a-z-]+):/.exec(services[name]?.image ?? '')?.[1]);
    const expected = Object.values(partyKinds).map(({ app }) => app);
    expect([...new Set(images)].sort()).toEqual([...expected].sort());
  });

  it('runs it without root, without rights of the system, and on a file system that it cannot write to', () => {
    for (const name of apps) {
      const { user, read_only, tmpfs, cap_drop, security_opt } = services[name] ?? {};
      expect([name, { user, read_only, tmpfs, cap_drop, security_opt }]).toEqual([
        name,
        {
          user: '${ANONYMESH_UID:-1000}:${ANONYMESH_GID:-1000}',
          read_only: true,
          tmpfs: ['/tmp'],
          cap_drop: ['ALL'],
          security_opt: ['no-new-privileges:true'],
        },
      ]);
    }
  });

  it('has a broker of its own, and beside it databases of every kind that a holder may have, over TLS alone', () => {
    const imageOf = (name: string) => services[name]?.image ?? '';
    expect(imageOf('broker')).toMatch(/^nats:2\.12\b/);
    const kinds = databases.map((name) => [name, imageOf(name).split(':')[0]]);
    expect(Object.fromEntries(kinds)).toMatchObject({
      'hmrc-records': 'postgres',
      'dwp-records': 'mongo',
      'council-records': 'mariadb',
      'coordinator-store': 'postgres',
      'aggregator-store': 'postgres',
    });
    const secured = /ssl=on|requireTLS|require-secure-transport=ON/;
    expect(databases.filter((name) => !secured.test(services[name]?.command?.join(' ') ?? ''))).toEqual([]);
  });

  it('has no network on which two parties meet: between them are only the broker and the identity provider', () => {
    const meetings = Object.keys(networks).filter((network) => {
      return (
        new Set(
          on(network)
            .map(partyOf)
            .filter((party) => !shared.includes(party)),
        ).size > 1
      );
    });
    expect(meetings).toEqual([]);
  });

  it('lets what an app counted be read by nobody but who is let into a network of its own, and on no open port', async () => {
    for (const name of apps) {
      const { monitoring, listen } = parse(await readDocument(`deploy/${name}/config.yaml`)) as Listening;
      const given = Object.entries(services[name]?.networks ?? {}) as [
        string,
        { readonly aliases?: readonly string[] },
      ][];
      const named = given.filter(([, { aliases = [] }]) => aliases.includes(monitoring.host));
      const found = named.map(([network]) => ({ on: on(network), internal: networks[network]?.internal }));
      expect([name, found]).toEqual([name, [{ on: [name], internal: true }]]);
      // Its name leads there from nowhere else.
      expect(Object.keys(services)).not.toContain(monitoring.host);
      expect(monitoring.port).not.toBe(listen.port);
      for (const port of services[name]?.ports ?? []) expect(port).toMatch(new RegExp(`:${listen.port}$`));
    }
  });

  it('has the portal know the gateway by which people come from outside, or they would all be one', async () => {
    const { pages, proxies, listen } = parse(await readDocument('deploy/appeal-portal/config.yaml')) as Listening;
    expect([pages?.publicUrl, listen.tls]).toEqual([expect.stringMatching(/^https:/), undefined]);
    const open = networksOf(services['appeal-portal']).filter((network) => networks[network]?.internal !== true);
    const gateways = open.flatMap((network) => networks[network]?.ipam?.config.map(({ gateway }) => gateway));
    expect(gateways).toHaveLength(1);
    expect(proxies).toEqual(gateways);
  });

  it('lets a database be reached by its own party’s app alone, and by no other machine', () => {
    for (const name of databases) {
      const { ports } = services[name] ?? {};
      expect(
        networksOf(services[name]).map((network) => ({
          on: on(network).sort(),
          internal: networks[network]?.internal,
        })),
      ).toEqual([{ on: [partyOf(name), name].sort(), internal: true }]);
      expect(ports).toBeUndefined();
    }
    expect(databases).toEqual(expect.arrayContaining(['coordinator-store', 'aggregator-store']));
  });

  it('opens a port only where people come in, and only on this machine', () => {
    const open = Object.entries(services).filter(([, { ports }]) => ports !== undefined);
    expect(open.map(([name]) => name).sort()).toEqual(['appeal-portal', 'identity', 'immigration']);
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

interface Realm {
  readonly realm: string;
  readonly clients: readonly {
    readonly clientId: string;
    readonly redirectUris: readonly string[];
    readonly attributes: Readonly<Record<string, string>>;
    readonly protocolMappers: readonly { readonly config: Readonly<Record<string, string>> }[];
  }[];
}
interface Signing {
  readonly oidc: { readonly issuer: string; readonly audience: string; readonly identityClaim?: string };
  readonly party: string;
  readonly pages: {
    readonly issuer: string;
    readonly clientId: string;
    readonly publicUrl: string;
    readonly portals?: Readonly<Record<string, string>>;
  };
}

describe('the Dockerfile', () => {
  it('takes its base images as arguments, so that they can be pinned by their digests', async () => {
    const text = await readDocument('Dockerfile');
    const bases = [...text.matchAll(/^FROM (\S+)/gm)].map(([, base = '']) => base);
    const stages = [...text.matchAll(/^FROM \S+ AS (\S+)/gm)].map(([, name = '']) => name);
    expect(bases.filter((base) => !stages.includes(base))).toEqual(['${BUILD_IMAGE}', '${RUNTIME_IMAGE}']);
    for (const name of ['BUILD_IMAGE', 'RUNTIME_IMAGE']) expect(text).toMatch(new RegExp(`^ARG ${name}=node:24`, 'm'));
  });
});

describe('the identity provider of docker-compose.yml', () => {
  it.each(['immigration', 'appeal-portal'])('knows %s as its config says', async (party) => {
    const { oidc, pages } = parse(await readDocument(`deploy/${party}/config.yaml`)) as Signing;
    const { realm, clients } = JSON.parse(await readDocument('deploy/identity/realm.json')) as Realm;
    const issuer = `${services['identity']?.environment?.['KC_HOSTNAME']}/realms/${realm}`;
    expect([oidc.issuer, pages.issuer]).toEqual([issuer, issuer]);
    const client = clients.find(({ clientId }) => clientId === pages.clientId);
    expect(client?.redirectUris).toEqual([`${pages.publicUrl}/signed-in`]);
    expect(client?.attributes).toMatchObject({
      'access.token.header.type.rfc9068': 'true',
      'post.logout.redirect.uris': `${pages.publicUrl}/signed-out`,
    });
    const claims = client?.protocolMappers.map(
      ({ config }) => config['included.custom.audience'] ?? config['claim.name'],
    );
    expect(claims?.sort()).toEqual([oidc.audience, oidc.identityClaim ?? 'roles'].sort());
  });
});

describe('the config of a requester', () => {
  it('says in its letters where the appeal portal is, as that is in the portal’s own config', async () => {
    const [office, portal] = await Promise.all(
      ['immigration', 'appeal-portal'].map(
        async (party) => parse(await readDocument(`deploy/${party}/config.yaml`)) as Signing,
      ),
    );
    expect(office?.pages.portals).toEqual({ [portal?.party ?? '']: portal?.pages.publicUrl });
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
