// Whether the broker is reached and lets this party read what is on its way to it; where it is not, who answers there
// instead.
import type { PartyKind } from '@anonymesh/protocol';
import { addressOf, amiss, greetingOf, well, type Check, type Found, type Greeting } from '@anonymesh/runtime';
import { JetStreamApiError } from '@nats-io/jetstream';
import { setTimeout } from 'node:timers/promises';
import { ownConsumer, type ConnectedParty } from '../broker/connect-party.js';

const stopped = 'no query comes in and no answer leaves.';
const patience = 1200;

export interface Reached {
  readonly party: ConnectedParty;
  /** As the config names them. */
  readonly servers: readonly string[];
  readonly receives: PartyKind;
}

export function brokerCheck(reached: Reached): Check {
  return { name: 'broker', look: () => checkBroker(reached), lost: atBroker('unreachable', 'The broker') };
}

async function checkBroker({ party, servers, receives }: Reached): Promise<Found> {
  const late = setTimeout(patience, undefined, { ref: false });
  const milliseconds = await Promise.race([party.connection.rtt().catch(() => undefined), late]);
  if (milliseconds === undefined) return findBroker(servers);
  const missing = await checkReading(party, receives);
  if (missing !== undefined) return missing;
  return well(`The broker answers within ${Math.max(1, Math.ceil(milliseconds))} ms.`);
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

/** Who answers where the broker should; of several servers the one that comes nearest to it. */
export async function findBroker(servers: readonly string[]): Promise<Found> {
  const found = await Promise.all(
    servers.map(async (server) => ({ server, greeting: await greetingOf(addressOf(server)) })),
  );
  const best = found.sort((a, b) => nearest.indexOf(a.greeting) - nearest.indexOf(b.greeting))[0];
  return best === undefined ? atBroker('unreachable', 'The broker') : atBroker(best.greeting, hostOf(best.server));
}

const nearest: readonly Greeting[] = ['nats', 'not-nats', 'silent', 'refused', 'unreachable', 'name-unknown'];

/** Without user and password, if somebody wrote them there. */
function hostOf(server: string): string {
  const { host, port } = addressOf(server);
  return `${host}:${port}`;
}

function atBroker(greeting: Greeting, where: string): Found {
  const [code, reason, todo] = said[greeting];
  return amiss(
    code,
    reason.replace('{where}', () => where),
    todo,
  );
}

const address = 'Correct broker.servers in the config file, or ask the mesh’s operator for the address.';
const said: Readonly<Record<Greeting, readonly [code: string, reason: string, todo: string]>> = {
  nats: [
    'broker-not-joined',
    `A NATS server answers at {where}, but this node is not connected to it: ${stopped}`,
    'Wait a few seconds and look again; if it lasts, ask the mesh’s operator whether this party’s broker key is admitted.',
  ],
  'not-nats': ['broker-not-nats', `What answers at {where} is not a NATS server: ${stopped}`, address],
  silent: [
    'broker-silent',
    `What answers at {where} does not speak as a NATS server does: ${stopped}`,
    `${address} A server that wants TLS before anything else is silent, too.`,
  ],
  refused: [
    'broker-refused',
    `Nothing listens at {where}: ${stopped}`,
    'Ask the mesh’s operator whether the broker runs, and look at the port in broker.servers of the config file.',
  ],
  unreachable: [
    'broker-unreachable',
    `The broker cannot be reached ({where}): ${stopped}`,
    'Look at the network and its firewalls: this node calls out to the broker, nothing calls in.',
  ],
  'name-unknown': ['broker-name-unknown', `No address is known for {where}: ${stopped}`, address],
};
