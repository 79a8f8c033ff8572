// The broker's plan in the words of its server's configuration, and its streams.
import { readFileSync } from 'node:fs';
import { brokerConfig, planBroker, provision, type BrokerPlan } from '@anonymesh/courier';
import { readCredentials } from '@anonymesh/runtime';
import { fromSeed } from '@nats-io/nkeys';
import type { Asked } from './asked.js';

export type Answer =
  | { readonly config: string; readonly accounts: readonly string[]; readonly streams: number }
  /** The broker cannot have these parties. */
  | { readonly refused: string }
  /** Its streams cannot be made now. */
  | { readonly unanswered: string };

export async function answer({ action, hops, members, place, bytesEach, provisioning }: Asked): Promise<Answer> {
  const seed = Buffer.from(readFileSync(provisioning.seed, 'utf8').trim());
  const { monitoringPort, ...always } = place;
  let [plan, config]: [BrokerPlan | undefined, string] = [undefined, ''];
  try {
    plan = planBroker({ hops, members, provisioningKey: fromSeed(seed).getPublicKey(), maxBytes: bytesEach });
    config = brokerConfig(plan, { ...always, ...(monitoringPort === undefined ? {} : { monitoringPort }) });
  } catch (error) {
    return { refused: messageOf(error) };
  }
  if (action === 'provision') {
    const { url, ca, certificate, key } = provisioning;
    try {
      await provision({ servers: url, seed, tls: readCredentials({ ca, certificate, key }), plan });
    } catch (error) {
      return { unanswered: messageOf(error) };
    }
  }
  return { config, accounts: plan.accounts.map(({ name }) => name), streams: plan.receivers.length };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'this failed';
}
