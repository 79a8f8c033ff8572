// Makes the broker follow the directory: an account for each party and for nobody else, and the streams of all. Whoever is
// connected and stays in the mesh stays connected; whoever is not in it any more is cut off.
import { readFileSync } from 'node:fs';
import type { BrokerPlan } from '@anonymesh/courier';
import type { Directory } from '@anonymesh/trust';
import { fromSeed } from '@nats-io/nkeys';
import { hops } from '../../../../boundaries.mjs';
import { replace } from '../ca/authority-folder.js';
import { named, No } from '../telling/no.js';
import { readBrokerFile, type BrokerFile } from './broker-file.js';
import { reload } from './reload.js';

export interface Planned {
  readonly file: BrokerFile;
  readonly plan: BrokerPlan;
  /** Of the server. */
  readonly config: string;
}

/** Throws where the broker cannot have these parties; nothing is changed by it. */
export async function planFor(path: string, { parties }: Pick<Directory, 'parties'>): Promise<Planned> {
  const { brokerConfig, planBroker } = await courier();
  const file = readBrokerFile(path);
  const { streams, tls, serverName, host, port, storeDir, maxPayload, pidFile, monitoringPort } = file;
  const members = [...parties.values()].map(({ id, kind, broker }) => ({ id, kind, brokerKey: broker }));
  const provisioningKey = named(() => fromSeed(readFileSync(file.provisioning.seed)).getPublicKey());
  try {
    const plan = planBroker({ hops, members, provisioningKey, maxBytes: streams.bytesEach });
    const config = brokerConfig(plan, {
      ...{ serverName, host, port, storeDir, maxPayload, pidFile },
      ...(monitoringPort === undefined ? {} : { monitoringPort }),
      storeBytes: streams.bytesEach * streams.most,
      tls: { certFile: tls.certificate, keyFile: tls.key, caFile: tls.ca },
    });
    return { file, plan, config };
  } catch (cause) {
    throw new No('refused', cause instanceof Error ? cause.message : 'the broker cannot be planned', { cause });
  }
}

export async function configureBroker({ file, plan, config }: Planned): Promise<{ accounts: number; streams: number }> {
  const { provision } = await courier();
  replace(file.config, config, 0o600);
  await reload(
    file,
    plan.accounts.map(({ name }) => name),
  );
  const { url, seed, certificate, key } = file.provisioning;
  const read = (path: string) => named(() => readFileSync(path, 'utf8'));
  const tls = { ca: read(file.tls.ca), cert: read(certificate), key: read(key) };
  try {
    await provision({ servers: url, seed: Buffer.from(read(seed).trim()), tls, plan });
  } catch (cause) {
    const said = cause instanceof Error ? `: ${cause.message}` : '';
    throw new No('unanswered', `the broker was reloaded, but its streams cannot be made${said}. Look at its log`, {
      cause,
    });
  }
  return { accounts: plan.accounts.length, streams: plan.receivers.length };
}

/** Only what is about the broker needs it, and it takes its time to load. */
function courier() {
  return import('@anonymesh/courier');
}
