// Whether the broker lets this party's key in: tried by a connection of its own, for a node that may not be running.
import type { PartyKind } from '@anonymesh/protocol';
import { amiss, well, type Checked } from '@anonymesh/runtime';
import { AuthorizationError } from '@nats-io/transport-node';
import { connectOnce, type ConnectedParty } from '../broker/connect-party.js';
import { checkReading } from './check-broker.js';
import { findBroker, type Broker } from './find-broker.js';

export interface Joining extends Broker {
  readonly id: string;
  readonly receives: PartyKind;
  readonly seed: Uint8Array;
}

/** What is found, and the connection where there is one; whoever gets it closes it. */
export async function joinBroker({
  id,
  receives,
  servers,
  tls,
  seed,
}: Joining): Promise<{ checked: Checked; party?: ConnectedParty }> {
  const greeted = await findBroker({ servers, tls });
  if (greeted.code !== 'broker-not-joined') return { checked: { name: 'broker', ...greeted } };
  try {
    const party = await connectOnce({ id, servers: [...servers], seed, tls, name: `${id} (doctor)` });
    const reading = await checkReading(party, receives);
    const found = reading ?? well('The broker answers and lets this party in.');
    return { checked: { name: 'broker', ...found }, party };
  } catch (error) {
    if (!(error instanceof AuthorizationError)) return { checked: { name: 'broker', ...greeted } };
    const reason = 'The broker is there and does not let this party in: it does not know its key.';
    const todo =
      'Compare the broker key of the entry in the directory with broker.seed; ask the mesh’s operator to admit it.';
    return { checked: { name: 'broker', ...amiss('broker-key-refused', reason, todo) } };
  }
}
