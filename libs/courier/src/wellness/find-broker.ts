// Who answers where the broker should be, and whether a handshake with it succeeds: what is said where a node cannot
// connect, each cause in its own words.
import {
  addressOf,
  amiss,
  greetingOf,
  shakeHands,
  type Credentials,
  type Found,
  type Greeting,
  type Handshake,
} from '@anonymesh/runtime';

export interface Broker {
  /** As the config names them. */
  readonly servers: readonly string[];
  readonly tls?: Credentials | undefined;
}

const stopped = 'no query comes in and no answer leaves.';

/** Who answers where the broker should; of several servers the one that comes nearest to it. */
export async function findBroker({ servers, tls }: Broker): Promise<Found> {
  const found = await Promise.all(
    servers.map(async (server) => ({ server, greeting: await greetingOf(addressOf(server)) })),
  );
  const best = found.sort((a, b) => nearest.indexOf(a.greeting) - nearest.indexOf(b.greeting))[0];
  if (best === undefined) return brokerLost;
  const where = hostOf(best.server);
  if (best.greeting !== 'nats') return said(greetings[best.greeting], where);
  const handshake = await shakeHands(addressOf(best.server), tls);
  return handshake === 'agreed' ? said(greetings.nats, where) : said(handshakes[handshake], where);
}

const nearest: readonly Greeting[] = ['nats', 'not-nats', 'silent', 'refused', 'unreachable', 'name-unknown'];

/** Without user and password, if somebody wrote them there. */
function hostOf(server: string): string {
  const { host, port } = addressOf(server);
  return `${host}:${port}`;
}

type Words = readonly [code: string, reason: string, todo: string];

function said([code, reason, todo]: Words, where: string): Found {
  return amiss(
    code,
    reason.replace('{where}', () => where),
    todo,
  );
}

const address = 'Correct broker.servers in the config file, or ask the mesh’s operator for the address.';
const greetings: Readonly<Record<Greeting, Words>> = {
  nats: [
    'broker-not-joined',
    `A NATS server answers at {where}, but this node is not connected to it: ${stopped}`,
    'Wait half a minute and look again; if it lasts, ask the mesh’s operator whether this party’s broker key is admitted. ' +
      'Once it is, a node that runs comes back by itself.',
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

const authority = 'Compare broker.tls.ca in the config file with the authority that the mesh’s operator names.';
const handshakes: Readonly<Record<Exclude<Handshake, 'agreed'>, Words>> = {
  wanted: [
    'broker-wants-tls',
    `The broker at {where} asks for TLS, and the config file has none: ${stopped}`,
    'Add broker.tls to the config file: ca, certificate and key.',
  ],
  'not-offered': [
    'broker-without-tls',
    `What answers at {where} offers no TLS, and the config file asks for it: ${stopped}`,
    'Ask the mesh’s operator; somebody on the way may have taken it away. Do not remove broker.tls.',
  ],
  refused: [
    'broker-refuses-certificate',
    `The broker at {where} does not accept this party’s certificate: ${stopped}`,
    'Look whether it was issued by the authority that the broker knows, for clients, and is valid now (`mesh ca show`).',
  ],
  untrusted: [
    'broker-untrusted',
    `The certificate of what answers at {where} is of no authority that the config file names: ${stopped}`,
    authority,
  ],
  expired: [
    'broker-certificate-expired',
    `The certificate of the broker at {where} has run out: ${stopped}`,
    'Tell the mesh’s operator to renew it, and look at this machine’s clock.',
  ],
  'not-yet-valid': [
    'broker-certificate-not-yet-valid',
    `The certificate of the broker at {where} is not valid yet: ${stopped}`,
    'Look at this machine’s clock, then tell the mesh’s operator.',
  ],
  'other-name': [
    'broker-other-name',
    `The certificate of what answers at {where} is for another machine: ${stopped}`,
    'Write the name into broker.servers for which the certificate was issued, or ask the mesh’s operator for it.',
  ],
  failed: [
    'broker-handshake-failed',
    `No handshake is possible with what answers at {where}: ${stopped}`,
    'Ask the mesh’s operator which versions of TLS the broker speaks.',
  ],
};

export const brokerLost = said(greetings.unreachable, 'The broker');
