// The broker's plan in the words of its server's configuration, and its streams.
import { readFileSync } from 'node:fs';
import { brokerConfig, planBroker, provision, type BrokerPlace, type BrokerPlan } from '@anonymesh/courier';
import { readCredentials } from '@anonymesh/runtime';
import { fromSeed } from '@nats-io/nkeys';
import type { Asked } from './asked.js';

export type Answer =
  | { readonly config: string; readonly accounts: readonly string[]; readonly streams: number }
  /** The broker cannot have these parties. */
  | { readonly refused: string }
  /** Its streams cannot be made now. */
  | { readonly unanswered: string };

export async function answer(asked: Asked): Promise<Answer> {
  const { action, place, provisioning } = asked;
  const seed = Buffer.from(readFileSync(provisioning.seed, 'utf8').trim());
  const { monitoringPort, ...always } = place;
  const where = { ...always, ...(monitoringPort === undefined ? {} : { monitoringPort }) };
  const planned = plan(asked, seed, where);
  if ('refused' in planned) return planned;
  if (action === 'provision') {
    const { url, ca, certificate, key } = provisioning;
    try {
      await provision({ servers: url, seed, tls: readCredentials({ ca, certificate, key }), plan: planned.plan });
    } catch (error) {
      return { unanswered: messageOf(error) };
    }
  }
  const { accounts, receivers } = planned.plan;
  return { config: planned.config, accounts: accounts.map(({ name }) => name), streams: receivers.length };
}

type Planned = { readonly plan: BrokerPlan; readonly config: string } | { readonly refused: string };

function plan({ hops, members, bytesEach }: Asked, seed: Uint8Array, place: BrokerPlace): Planned {
  try {
    const provisioningKey = fromSeed(seed).getPublicKey();
    const made = planBroker({ hops, members, provisioningKey, maxBytes: bytesEach });
    return { plan: made, config: brokerConfig(made, place) };
  } catch (error) {
    return { refused: messageOf(error) };
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'this failed';
}
