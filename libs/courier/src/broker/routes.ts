// The boundaries table's hops between these members: who may send on which subject to whom. Rights follow from routes.

import type { PartyKind } from '@anonymesh/protocol';

import { anyReceiver, fillSubject, meshAccount } from './broker-names.js';
import type { Member } from './members.js';

/** A row of `hops` in boundaries.mjs. */
export interface Hop {
  readonly message: string;
  readonly from: PartyKind;
  readonly to: PartyKind;
  readonly subject: string;
  readonly carried: 'stream' | 'reply';
}

export interface Route {
  /** With `*` in place of the receiver's id where the receiver is any of its kind. */
  readonly subject: string;
  readonly sender: string;
  /** The account that has the service: the mesh's, which owns the streams, or that of who answers. */
  readonly to: string;
}

/**
 * Each sender and subject once, whatever the number of messages that share the subject. Who may send to one of a kind may
 * send to all of it but itself, so one route with a wildcard says as much as one for each of them: a thousand parties
 * would have a million.
 */
export function routesOf(hops: readonly Hop[], members: readonly Member[]): Route[] {
  const routes = new Map<string, Route>();
  for (const { subject: pattern, from, to, carried } of hops) {
    const receivers = members.filter((member) => member.kind === to);
    for (const sender of members.filter((member) => member.kind === from)) {
      const others = receivers.filter(({ id }) => id !== sender.id);
      const ways =
        carried === 'stream'
          ? others.slice(0, 1).map(() => ({ subject: fillSubject(pattern, anyReceiver), to: meshAccount }))
          : others.map(({ id }) => ({ subject: fillSubject(pattern, id), to: id }));
      for (const way of ways) routes.set(`${sender.id} ${way.subject}`, { ...way, sender: sender.id });
    }
  }
  return [...routes.values()];
}

/** What keeps the hops from being told apart on the broker, in words for the operator. */
export function faultsOfSubjects(hops: readonly Hop[], members: readonly Member[]): string[] {
  return [...new Set(hops.map((hop) => hop.subject))].flatMap((subject) => {
    const sharing = hops.filter((hop) => hop.subject === subject);
    const receivers = members.filter((member) => sharing.some((hop) => hop.to === member.kind));
    return [
      ...(/^[a-z]+(\.([a-z]+|<id>))+$/.test(subject) ? [] : [`${JSON.stringify(subject)} is no subject of a hop`]),
      ...(new Set(sharing.map((hop) => hop.carried)).size > 1 ? [`${subject} is carried in two ways`] : []),
      ...(!subject.includes('<id>') && receivers.length > 1 ? [`${subject} has more than one receiver`] : []),
    ];
  });
}
