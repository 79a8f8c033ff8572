// The boundaries table's hops between these members: who may send on which subject to whom. Rights follow from routes.

import type { PartyKind } from '@anonymesh/protocol';

import { fillSubject } from './broker-names.js';
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
  readonly subject: string;
  readonly sender: string;
  readonly receiver: string;
  readonly carried: Hop['carried'];
}

/** Each sender, receiver and subject once, whatever the number of messages that share the subject. */
export function routesOf(hops: readonly Hop[], members: readonly Member[]): Route[] {
  const routes = new Map<string, Route>();
  for (const { subject: pattern, from, to, carried } of hops) {
    for (const receiver of members.filter((member) => member.kind === to)) {
      for (const sender of members.filter((member) => member.kind === from && member.id !== receiver.id)) {
        const subject = fillSubject(pattern, receiver.id);
        routes.set(`${sender.id} ${subject}`, { subject, sender: sender.id, receiver: receiver.id, carried });
      }
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
