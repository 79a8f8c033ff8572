// A party's way onto the broker, by the names that its account was given: its inbox, its prefix for JetStream, its own
// consumer. What it asks for beyond them does not exist in its account.

import type { PartyKind } from '@anonymesh/protocol';
import { type Consumer, jetstream, type JetStreamClient } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { setTimeout } from 'node:timers/promises';

import { apiPrefixOf, consumerOf, inboxPrefixOf, streamOf } from './broker-names.js';
import { dial, dialOnce, type Dialling } from './dial.js';

export interface ConnectedParty {
  readonly id: string;
  readonly connection: NatsConnection;
  readonly jetstream: JetStreamClient;
}

type Joining = Dialling & { readonly id: string };

/** As `dial`: waits for the broker, and comes back after each loss. */
export async function connectParty({ id, ...dialling }: Joining): Promise<ConnectedParty> {
  return partyOn(id, await dial({ name: id, ...dialling }, inboxPrefixOf(id)));
}

/** As `dialOnce`: rejects where the broker cannot be reached now, or does not let the party in. */
export async function connectOnce({ id, ...dialling }: Joining): Promise<ConnectedParty> {
  return partyOn(id, await dialOnce({ name: id, ...dialling }, inboxPrefixOf(id)));
}

/** Milliseconds. */
const patience = 3000;

/** For who ends: resolves when the broker has confirmed, and soon where it is away or has put the party out. */
export async function confirmedOrAway(confirmed: Promise<unknown>): Promise<void> {
  const away = setTimeout(patience, undefined, { ref: false });
  await Promise.race([Promise.allSettled([confirmed]), away]);
}

function partyOn(id: string, connection: NatsConnection): ConnectedParty {
  return { id, connection, jetstream: jetstream(connection, { apiPrefix: apiPrefixOf(id), checkAPI: false }) };
}

/**
 * To be read batch by batch. An endless `consume` is left out: all its requests go through one inbox, and the server
 * keeps something for each until the inbox is gone (see `silence` in broker-config.ts). Leave `expires` at 30 seconds
 * or below.
 */
export type OwnConsumer = Pick<Consumer, 'fetch' | 'next' | 'info'>;

/** The party's own durable consumer. Rejects while the broker is not provisioned. */
export async function ownConsumer(party: ConnectedParty, kind: PartyKind): Promise<OwnConsumer> {
  return party.jetstream.consumers.get(streamOf(kind, party.id), consumerOf(kind, party.id));
}
