// What every party may do on the broker, derived from the boundaries table and from nothing else. A plan is plain data,
// so that an auditor, a test and the server's configuration all read the same rights.

import {
  apiPrefixOf,
  consumerOf,
  fillSubject,
  inboxPrefixOf,
  meshAccount,
  streamOf,
  systemAccount,
} from './broker-names.js';
import { faultsOf, type Member } from './members.js';
import { faultsOfSubjects, type Hop, type Route, routesOf } from './routes.js';

export interface BrokerPlan {
  readonly receivers: readonly Receiver[];
  readonly accounts: readonly Account[];
}

/** A party that receives durably: its stream, what lands in it, its one consumer. */
export interface Receiver {
  readonly party: string;
  readonly stream: string;
  readonly consumer: string;
  readonly subjects: readonly string[];
  /** The stream refuses more than this: its sender then keeps the message in its outbox. */
  readonly maxBytes: number;
}

export interface Account {
  readonly name: string;
  readonly ownsStreams: boolean;
  readonly user: User | null;
  readonly exports: readonly Export[];
  readonly imports: readonly Import[];
}

/** A service that exactly these accounts may import. Never empty: to the server, no names means everybody. */
export interface Export {
  readonly subject: string;
  readonly to: readonly string[];
  readonly replies: 'one' | 'many';
}

/** A service of another account, and the subject under which it is called here. */
export interface Import {
  readonly from: string;
  readonly subject: string;
  readonly as: string;
}

export interface User {
  readonly key: string;
  readonly publish: readonly string[];
  /** What no other right lets it publish: on its own subjects. */
  readonly never: readonly string[];
  readonly subscribe: readonly string[];
  /** May answer, once, on the reply subject of a request that it received. */
  readonly responds: boolean;
}

const gibibyte = 2 ** 30;

/** Throws one error that lists every fault of the members or of the hops. */
export function planBroker(input: {
  readonly hops: readonly Hop[];
  readonly members: readonly Member[];
  /** The public nkey that alone may make streams and consumers. */
  readonly provisioningKey: string;
  /** Bound of each stream, in bytes; 1 GiB unless told. */
  readonly maxBytes?: number;
}): BrokerPlan {
  const { hops, members, provisioningKey, maxBytes = gibibyte } = input;
  const routes = routesOf(hops, members);
  const faults = [...faultsOf(members, provisioningKey), ...faultsOfSubjects(hops, members)];
  if (faults.length > 0) throw new Error(`the broker cannot be planned: ${faults.join('; ')}`);
  const receivers = members.flatMap((member) => receiverOf(member, hops, maxBytes));
  return {
    receivers,
    accounts: [
      { name: systemAccount, ownsStreams: false, user: null, exports: [], imports: [] },
      meshOf(receivers, routes, provisioningKey),
      ...members.map((member) => partyOf(member, hops, receivers, routes)),
    ],
  };
}

function receiverOf({ kind, id }: Member, hops: readonly Hop[], maxBytes: number): Receiver[] {
  const durable = hops.filter((hop) => hop.to === kind && hop.carried === 'stream');
  const subjects = [...new Set(durable.map((hop) => fillSubject(hop.subject, id)))];
  if (subjects.length === 0) return [];
  return [{ party: id, stream: streamOf(kind, id), consumer: consumerOf(kind, id), subjects, maxBytes }];
}

function meshOf(receivers: readonly Receiver[], routes: readonly Route[], provisioningKey: string): Account {
  const inbound = exportsOf(routes.filter(({ to }) => to === meshAccount));
  const outbound = receivers.flatMap((receiver) => {
    const rights = consumerRights(receiver);
    return [
      { subject: `$JS.API.${rights.info}`, to: [receiver.party], replies: 'one' as const },
      { subject: `$JS.API.${rights.next}`, to: [receiver.party], replies: 'many' as const },
      { subject: rights.ack, to: [receiver.party], replies: 'one' as const },
    ];
  });
  const user = {
    key: provisioningKey,
    publish: receivers.flatMap(provisioningRights),
    never: [],
    subscribe: [`${inboxPrefixOf(meshAccount)}.>`],
    responds: false,
  };
  return { name: meshAccount, ownsStreams: true, user, exports: [...inbound, ...outbound], imports: [] };
}

function partyOf(
  { id, kind, brokerKey }: Member,
  hops: readonly Hop[],
  receivers: readonly Receiver[],
  routes: readonly Route[],
): Account {
  const sent = routes.filter((route) => route.sender === id);
  const answered = exportsOf(routes.filter(({ to }) => to === id));
  const sending = sent.map(({ subject, to }) => ({ from: to, subject, as: subject }));
  const own = receivers.filter((receiver) => receiver.party === id);
  const receiving = own.flatMap(consumerImports);
  const imports = [...sending, ...receiving];
  // Also where there is nobody yet who asks: what a node was refused when it started, it does not ask for again.
  const asked = hops.filter((hop) => hop.to === kind && hop.carried === 'reply');
  const listening = [...new Set(asked.map(({ subject }) => fillSubject(subject, id)))];
  const user = {
    key: brokerKey,
    publish: imports.map((imported) => imported.as),
    never: own.flatMap(({ subjects }) => subjects),
    subscribe: [`${inboxPrefixOf(id)}.>`, ...listening],
    responds: listening.length > 0,
  };
  return { name: id, ownsStreams: false, user, exports: answered, imports };
}

/** Routes to a subject that nobody may send on make no export at all: see `Export`. */
function exportsOf(routes: readonly Route[]): Export[] {
  const bySubject = Map.groupBy(routes, (route) => route.subject);
  return [...bySubject].map(([subject, sharing]) => {
    return { subject, to: sharing.map((route) => route.sender), replies: 'one' };
  });
}

function consumerImports(receiver: Receiver): Import[] {
  const { info, next, ack } = consumerRights(receiver);
  const api = [info, next].map((right) => {
    return { from: meshAccount, subject: `$JS.API.${right}`, as: `${apiPrefixOf(receiver.party)}.${right}` };
  });
  return [...api, { from: meshAccount, subject: ack, as: ack }];
}

function consumerRights({ stream, consumer }: Receiver): { info: string; next: string; ack: string } {
  return {
    info: `CONSUMER.INFO.${stream}.${consumer}`,
    next: `CONSUMER.MSG.NEXT.${stream}.${consumer}`,
    ack: `$JS.ACK.${stream}.${consumer}.>`,
  };
}

/** Making and looking at, not reading, purging or deleting: the operator's key needs no more to set the broker up. */
function provisioningRights({ stream, consumer }: Receiver): string[] {
  const ofStream = ['INFO', 'CREATE', 'UPDATE'].map((action) => `$JS.API.STREAM.${action}.${stream}`);
  const ofConsumer = ['INFO', 'CREATE', 'DURABLE.CREATE'].map(
    (action) => `$JS.API.CONSUMER.${action}.${stream}.${consumer}`,
  );
  return [...ofStream, ...ofConsumer];
}
