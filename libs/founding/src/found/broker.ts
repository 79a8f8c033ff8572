// The broker's configuration, with an account for each party and a key that alone may make streams.
import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { brokerConfig, planBroker, type BrokerPlan } from '@anonymesh/courier';
import { createUser } from '@nats-io/nkeys';
import { stringify } from 'yaml';
import { hops } from '../../../../boundaries.mjs';
import { brokerUrl } from './config.js';
import { brokerPlaces } from './places.js';

/** Bytes that each party's stream holds: enough for the chunks of set queries that are under way; and room for how many. */
const streams = { bytesEach: 2 ** 28, most: 64 };

export async function foundBroker(
  dir: string,
  ports: ReadonlyMap<string, number>,
  members: Parameters<typeof planBroker>[0]['members'],
): Promise<BrokerPlan> {
  const places = brokerPlaces(dir);
  await mkdir(places.home, { recursive: true, mode: 0o700 });
  const user = createUser();
  await writeFile(places.provisioningSeed, user.getSeed(), { mode: 0o600 });
  const plan = planBroker({ hops, members, provisioningKey: user.getPublicKey(), maxBytes: streams.bytesEach });
  const monitoringPort = ports.get('broker-monitoring');
  const place = {
    serverName: `sandbox-${randomBytes(4).toString('hex')}`,
    host: '127.0.0.1',
    port: ports.get('broker') ?? 0,
    storeDir: places.store,
    maxPayload: 2 ** 20,
    pidFile: places.pid,
    ...(monitoringPort === undefined ? {} : { monitoringPort }),
  };
  const { ca, certificate, key, config, provisioning } = places;
  const tls = { certFile: certificate, keyFile: key, caFile: ca };
  const storeBytes = streams.bytesEach * streams.most;
  await writeFile(config, brokerConfig(plan, { ...place, tls, storeBytes }), { mode: 0o600 });
  // What the operator has: `mesh directory admit` makes the server's configuration anew from it.
  const { certificate: own, key: ownKey } = provisioning;
  const operators = {
    ...place,
    config,
    streams,
    tls: { ca, certificate, key },
    provisioning: { url: brokerUrl(ports), seed: places.provisioningSeed, certificate: own, key: ownKey },
  };
  await writeFile(places.operators, stringify(operators), { mode: 0o600 });
  return plan;
}
