// The broker's configuration, with an account for each party and a key that alone may make streams.
import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { brokerConfig, planBroker, type BrokerPlan } from '@anonymesh/courier';
import { createUser } from '@nats-io/nkeys';
import { hops } from '../../../../boundaries.mjs';
import { brokerPlaces } from './places.js';

/** Bytes that each party's stream holds: enough for the chunks of set queries that are under way. */
const streamBytes = 2 ** 28;

export async function foundBroker(
  dir: string,
  ports: ReadonlyMap<string, number>,
  members: Parameters<typeof planBroker>[0]['members'],
): Promise<BrokerPlan> {
  const places = brokerPlaces(dir);
  await mkdir(places.home, { recursive: true, mode: 0o700 });
  const provisioning = createUser();
  await writeFile(places.provisioningSeed, provisioning.getSeed(), { mode: 0o600 });
  const plan = planBroker({ hops, members, provisioningKey: provisioning.getPublicKey(), maxBytes: streamBytes });
  const monitoringPort = ports.get('broker-monitoring');
  const place = {
    serverName: `sandbox-${randomBytes(4).toString('hex')}`,
    host: '127.0.0.1',
    port: ports.get('broker') ?? 0,
    storeDir: places.store,
    maxPayload: 2 ** 20,
    tls: { certFile: places.certificate, keyFile: places.key, caFile: places.ca },
    ...(monitoringPort === undefined ? {} : { monitoringPort }),
  };
  await writeFile(places.config, brokerConfig(plan, place), { mode: 0o600 });
  return plan;
}
