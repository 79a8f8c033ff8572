// Whether the broker is reached and lets this party read what is on its way to it; where it is not, who answers there
// instead.
import type { PartyKind } from '@anonymesh/protocol';
import { amiss, well, type Check, type Found } from '@anonymesh/runtime';
import { JetStreamApiError } from '@nats-io/jetstream';
import { setTimeout } from 'node:timers/promises';
import { ownConsumer, type ConnectedParty } from '../broker/connect-party.js';
import { brokerLost, findBroker, type Broker } from './find-broker.js';

const patience = 1200;

export interface Reached extends Broker {
  readonly party: ConnectedParty;
  readonly receives: PartyKind;
}

export function brokerCheck(reached: Reached): Check {
  return { name: 'broker', look: () => checkBroker(reached), lost: brokerLost };
}

async function checkBroker({ party, receives, ...broker }: Reached): Promise<Found> {
  const milliseconds = await answeredWithin(party);
  if (milliseconds === undefined) return findBroker(broker);
  const missing = await checkReading(party, receives);
  if (missing !== undefined) return missing;
  return well(`The broker answers within ${Math.max(1, Math.ceil(milliseconds))} ms.`);
}

/** Milliseconds; undefined where the broker does not answer. */
export function answeredWithin({ connection }: ConnectedParty): Promise<number | undefined> {
  const late = setTimeout(patience, undefined, { ref: false });
  return Promise.race([connection.rtt().catch(() => undefined), late]);
}

/** What keeps the party from reading what is on its way to it; undefined where nothing does. */
export function checkReading(party: ConnectedParty, kind: PartyKind): Promise<Found | undefined> {
  return ownConsumer(party, kind).then(() => undefined, notReading);
}

function notReading(error: unknown): Found {
  const code = error instanceof JetStreamApiError ? 'stream-missing' : 'stream-unreachable';
  const reason = 'The broker answers, but this party cannot read what is on its way to it.';
  return amiss(code, reason, 'Ask the mesh’s operator to set up the broker for this party.');
}
