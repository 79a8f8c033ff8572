// Subjects of the broker. They are built here and nowhere else, and hold nothing but kinds, party ids and names.
import type { Message } from './message.js';
import type { PartyId, PartyKind } from './party.js';

const place: Record<PartyKind, (id: PartyId) => string> = {
  coordinator: () => 'coordinator',
  aggregator: () => 'aggregator',
  portal: () => 'portal',
  holder: (id) => `lqi.${id}`,
  requester: (id) => `requester.${id}`,
};

/** The subject on which a party of that kind and id receives the message. */
export function subjectOf(message: Message, to: { readonly kind: PartyKind; readonly id: PartyId }): string {
  if (!message.hops.some((hop) => hop.to === to.kind)) throw new TypeError(`${message.name} does not go to ${to.kind}`);
  return `mesh.${place[to.kind](to.id)}.${message.travelsAs ?? message.name}`;
}
