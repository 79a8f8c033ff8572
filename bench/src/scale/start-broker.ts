// The real broker for many parties: planned, started and provisioned, with its status pages for figures.
import { brokerConfig, planBroker, provision, type BrokerPlan } from '@anonymesh/courier';
import { createUser } from '@nats-io/nkeys';
import { hops } from '../../../boundaries.mjs';
import { freePort } from '../../../tests/servers/free-port.js';
import { startNats, type RunningNats } from '../../../tests/servers/nats.js';
import type { LargeMesh } from './large-mesh.js';

export interface Broker {
  readonly nats: RunningNats;
  readonly plan: BrokerPlan;
  readonly figures: { readonly configMB: number; readonly startSeconds: number; readonly provisionSeconds: number };
  /** Megabytes that the server holds, and messages that it has taken and given since it started. */
  now(): Promise<{ readonly memoryMB: number; readonly connections: number; readonly messages: number }>;
}

/** Of each party's stream: the disk of one machine has to hold them all. */
const streamBytes = 16 * 1024 * 1024;

export async function startBroker({ all }: LargeMesh): Promise<Broker> {
  const provisioning = createUser();
  const members = all.map(({ id, kind, broker }) => ({ id, kind, brokerKey: broker.publicKey }));
  const began = performance.now();
  const provisioningKey = provisioning.getPublicKey();
  const plan = planBroker({ hops, members, provisioningKey, maxBytes: streamBytes });
  const monitoringPort = await freePort();
  const place = { serverName: 'scale', host: '127.0.0.1', maxPayload: 2 ** 20, monitoringPort };
  let configBytes = 0;
  const nats = await startNats((given) => {
    const text = brokerConfig(plan, { ...place, ...given });
    configBytes = text.length;
    return text;
  });
  const started = performance.now();
  await provision({ servers: nats.url, seed: provisioning.getSeed(), plan });
  const seconds = (from: number, to: number) => Math.round((to - from) / 10) / 100;
  return {
    nats,
    plan,
    figures: {
      configMB: Math.round(configBytes / 1e5) / 10,
      startSeconds: seconds(began, started),
      provisionSeconds: seconds(started, performance.now()),
    },
    now: async () => {
      const answer = await fetch(`http://127.0.0.1:${monitoringPort}/varz`);
      const told = (await answer.json()) as { mem: number; connections: number; in_msgs: number; out_msgs: number };
      return {
        memoryMB: Math.round(told.mem / 1e6),
        connections: told.connections,
        messages: told.in_msgs + told.out_msgs,
      };
    },
  };
}
