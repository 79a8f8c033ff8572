// A party's way onto the broker, by the names that its account was given: its inbox, its prefix for JetStream, its own
// consumer. What it asks for beyond them does not exist in its account.

import type { PartyKind } from '@anonymesh/protocol';
import { type Consumer, jetstream, type JetStreamClient } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';

import { apiPrefixOf, consumerOf, inboxPrefixOf, streamOf } from './broker-names.js';
import { dial, type Dialling } from './dial.js';

export interface ConnectedParty {
  readonly id: string;
  readonly connection: NatsConnection;
  readonly jetstream: JetStreamClient;
}

export async function connectParty({ id, ...dialling }: Dialling & { readonly id: string }): Promise<ConnectedParty> {
  const connection = await dial({ name: id, ...dialling }, inboxPrefixOf(id));
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
