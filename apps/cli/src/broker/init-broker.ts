// What an operator begins with who has no broker yet: the key that makes streams, a file about the broker with comments, and
// by it the configuration of a server that knows no party. Certificates come from `mesh ca`, under the names that it gives.
import { rmSync, writeFileSync } from 'node:fs';
import { isIP, isIPv6 } from 'node:net';
import { join, resolve } from 'node:path';
import { namesFrom } from '@anonymesh/certificates';
import { createUser } from '@nats-io/nkeys';
import { makeNewFolder } from '../new-folder.js';
import { named, No, portOf } from '../telling/no.js';
import { planFor } from './configure.js';

export interface BrokerOptions {
  readonly host: string;
  readonly port: string;
  readonly listen: string;
  readonly monitoringPort: string;
  readonly parties: string;
}

/** As many as a directory can have. */
const mostParties = 2000;
const certificates = { ca: 'ca.pem', broker: 'broker', provisioning: 'provisioning' };

export async function initBroker(
  folder: string,
  options: BrokerOptions,
): Promise<{ file: string; seed: string; config: string; lacking: readonly string[] }> {
  const text = brokerYaml(options);
  // The server has no way to write them in a path.
  if (/[\p{Cc}"]/u.test(resolve(folder)))
    throw new No('usage', 'the folder’s path has characters that no server takes');
  const [file, seed] = [join(folder, 'broker.yaml'), join(folder, 'provisioning.seed')];
  makeNewFolder(folder);
  const secret = { mode: 0o600, flag: 'wx' };
  named(() => writeFileSync(seed, createUser().getSeed(), secret));
  named(() => writeFileSync(file, text, secret));
  const planned = await planFor(file, { parties: new Map() }).catch((cause: unknown) => {
    for (const made of [seed, file]) rmSync(made); // else they would be in the way of the next try
    throw cause;
  });
  named(() => writeFileSync(planned.file.config, planned.config, secret));
  const { ca, broker, provisioning } = certificates;
  const pairs = [broker, provisioning].flatMap((name) => [`${name}.pem`, `${name}-key.pem`]);
  return { file, seed, config: join(folder, 'nats.conf'), lacking: [ca, ...pairs] };
}

function brokerYaml({ host, port, listen, monitoringPort, parties }: BrokerOptions): string {
  named(() => namesFrom([host]));
  if (isIP(listen) === 0) throw new No('usage', '--listen is an address');
  const ports = { own: portOf('--port', port), status: portOf('--monitoring-port', monitoringPort) };
  if (ports.own === ports.status) throw new No('usage', '--port and --monitoring-port are the same');
  const most = /^\d{1,4}$/.test(parties) ? Number(parties) : 0;
  if (most < 1 || most > mostParties) throw new No('usage', `--parties is a number from 1 to ${mostParties}`);
  const url = `nats://${isIPv6(host) ? `[${host}]` : host}:${ports.own}`;
  const { ca, broker, provisioning } = certificates;
  return `# What mesh is told of the broker. Every key is described in docs/configuration.md; paths start at this file's folder.
serverName: mesh-broker
host: ${JSON.stringify(listen)}
port: ${ports.own}
storeDir: streams
maxPayload: ${2 ** 20}

# Written by mesh, from the directory and this file: do not edit it by hand.
config: nats.conf
pidFile: nats.pid
# On this machine alone.
monitoringPort: ${ports.status}

# For a directory with so many parties; it cannot change while the server runs.
streams: { bytesEach: ${2 ** 28}, most: ${most} }

# Whose certificates the broker accepts, and its own: mesh ca issue --role server --name ${broker} --host ${host}
tls: { ca: ${ca}, certificate: ${broker}.pem, key: ${broker}-key.pem }

# By which streams are made: mesh ca issue --role client --name ${provisioning}
provisioning:
  url: ${JSON.stringify(url)}
  seed: provisioning.seed
  certificate: ${provisioning}.pem
  key: ${provisioning}-key.pem
`;
}
