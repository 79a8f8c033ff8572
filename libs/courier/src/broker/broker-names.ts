// How streams, consumers, prefixes and subjects on the broker are called. The plan grants rights to these names and
// the parties' clients use them: both read them here, so that they cannot differ.

import type { PartyKind } from '@anonymesh/protocol';

const streamPrefixes: Record<PartyKind, string> = {
  requester: 'REQUESTER',
  coordinator: 'COORDINATOR',
  holder: 'LQI',
  aggregator: 'AGGREGATOR',
  portal: 'PORTAL',
};

/** The account that owns every stream. Parties' accounts are called by their ids, which are lower case. */
export const meshAccount = 'MESH';

/** The server's own account: it has no user. */
export const systemAccount = 'SYS';

/** The stream of what is on its way to one party, e.g. `LQI_hmrc`. */
export function streamOf(kind: PartyKind, id: string): string {
  return `${streamPrefixes[kind]}_${id}`;
}

/** The one durable consumer of that stream. */
export function consumerOf(kind: PartyKind, id: string): string {
  return streamOf(kind, id);
}

/** Where replies to a party arrive: with the stock `_INBOX`, whoever may subscribe to it reads everyone's. */
export function inboxPrefixOf(id: string): string {
  return `_INBOX_${id}`;
}

/** What a party's client says in place of `$JS.API`. */
export function apiPrefixOf(id: string): string {
  return `JS_${id}`;
}

/** In place of a receiver's id: any of its kind. No id can be it. */
export const anyReceiver = '*';

/** The subject of a hop, with the receiver's id in it: the only place where `<id>` is filled. */
export function fillSubject(subject: string, receiver: string): string {
  return subject.replaceAll('<id>', receiver);
}
