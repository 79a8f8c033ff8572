// Whether the broker lets this party send everything that its app sends, tried without sending anything: to a stream goes
// a letter that says that it is for another stream, which the broker refuses to store; to who answers requests an empty
// one, which is answered by as little (see strategy.ts).
import { subjectOf, type Message, type PartyKind } from '@anonymesh/protocol';
import { amiss, type Check, type Found, unknown, well } from '@anonymesh/runtime';
import type { Directory } from '@anonymesh/trust';
import { JetStreamApiError } from '@nats-io/jetstream';
import { NoRespondersError, PermissionViolationError, RequestError, TimeoutError } from '@nats-io/transport-node';
import type { ConnectedParty } from '../broker/connect-party.js';
import { answeredWithin } from './check-broker.js';

/** `no-stream`: the receiver's stream was not set up. `nobody`: the receiver is not connected. */
export type Permission = 'may' | 'may-not' | 'no-stream' | 'nobody' | 'not-known';

export interface Way {
  readonly subject: string;
  readonly carried: Message['carried'];
}

/** Of a mesh with thousands of requesters, so many of a kind are tried. */
const most = 20;
const wrongStream = 10_060;

/** The ways on which a party of that kind sends these messages to those who are in the directory. */
export function waysOf(
  self: { readonly id: string; readonly kind: PartyKind },
  sends: readonly Message[],
  { parties }: Directory,
): Way[] {
  const others = [...parties.values()].filter(({ id }) => id !== self.id);
  const ways = sends.flatMap((message) =>
    message.hops
      .filter(({ from }) => from === self.kind)
      .flatMap(({ to }) => others.filter(({ kind }) => kind === to).slice(0, most))
      .map((receiver) => ({ subject: subjectOf(message, receiver), carried: message.carried })),
  );
  return [...new Map(ways.map((way) => [way.subject, way])).values()];
}

export const notTried = unknown('What this party may send is tried once the broker lets it in.', '');

/** `ways`: as they are when it is looked. */
export function permissionsCheck(party: ConnectedParty, ways: () => readonly Way[]): Check {
  const lost = unknown('What this party may send could not be tried in time.', 'Run it again.');
  const look = async () => {
    // What is sent meanwhile would be sent when the connection is back, as often as it was tried.
    if ((await answeredWithin(party)) === undefined) return notTried;
    const tried = await Promise.all(ways().map(async (way) => ({ ...way, found: await tryWay(party, way) })));
    return judgePermissions(tried);
  };
  return { name: 'permissions', look, lost };
}

export function judgePermissions(tried: readonly { readonly subject: string; readonly found: Permission }[]): Found {
  const those = (wanted: Permission) => tried.filter(({ found }) => found === wanted).map(({ subject }) => subject);
  const [forbidden, unmade, silent, unknowable] = [
    those('may-not'),
    those('no-stream'),
    those('nobody'),
    those('not-known'),
  ];
  if (forbidden.length > 0) {
    const reason = `The broker does not let this party send on ${forbidden.join(', ')}.`;
    return amiss('permission-missing', reason, 'Ask the mesh’s operator to plan the broker anew from the directory.');
  }
  if (unmade.length > 0) {
    const reason = `The broker has nothing that takes what is sent on ${unmade.join(', ')}.`;
    return amiss('stream-missing', reason, 'Ask the mesh’s operator to set up the broker from the directory.');
  }
  if (silent.length > 0) {
    const reason = `Nobody answers on ${silent.join(', ')} at present.`;
    return amiss('nobody-answers', reason, 'Ask the party that answers there whether its node runs.', 'attention');
  }
  if (unknowable.length > 0)
    return unknown(`What may be sent on ${unknowable.join(', ')} is not known.`, 'Run it again.');
  return well(`The broker lets this party send on all ${tried.length} subjects that it needs.`);
}

async function tryWay({ connection, jetstream }: ConnectedParty, { subject, carried }: Way): Promise<Permission> {
  try {
    if (carried === 'reply') await connection.request(subject, new Uint8Array(), { timeout: 1500 });
    else
      await jetstream.publish(subject, new Uint8Array(), {
        expect: { streamName: 'tried-by-doctor' },
        retries: 0,
        timeout: 1500,
      });
    return 'may';
  } catch (error) {
    return meaningOf(error, carried);
  }
}

function meaningOf(error: unknown, carried: Message['carried']): Permission {
  if (error instanceof JetStreamApiError) return error.code === wrongStream ? 'may' : 'no-stream';
  const causes = [error, error instanceof Error ? error.cause : undefined];
  if (causes.some((each) => each instanceof PermissionViolationError)) return 'may-not';
  // Between two accounts the broker does not say that nobody listens; that nobody may be asked it would have said.
  if (carried === 'reply' && causes.some((each) => each instanceof TimeoutError)) return 'nobody';
  const nobody =
    causes.some((each) => each instanceof NoRespondersError) ||
    (error instanceof RequestError && error.isNoResponders());
  if (nobody) return carried === 'reply' ? 'nobody' : 'no-stream';
  return 'not-known';
}
