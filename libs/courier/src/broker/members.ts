// Who is on the broker: the parties whose keys it accepts, checked before a single right is derived from them.
// Ids and keys come from directory entries that other organisations wrote, and end in the server's configuration.

import { partyId, partyKind, type PartyKind } from '@anonymesh/protocol';
import { fromPublic } from '@nats-io/nkeys';

export interface Member {
  readonly id: string;
  readonly kind: PartyKind;
  /** The public user nkey (`U…`) of the member's broker account. */
  readonly brokerKey: string;
}

/** Whether the text is a public user nkey with a right checksum. */
export function isBrokerKey(text: string): boolean {
  if (!/^U[A-Z2-7]{55}$/.test(text)) return false;
  try {
    return fromPublic(text).getPublicKey() === text;
  } catch {
    return false;
  }
}

/** Every fault of the list, in words for the operator; none when the broker may be planned from it. */
export function faultsOf(members: readonly Member[], provisioningKey: string): string[] {
  const faults: string[] = [];
  if (!isBrokerKey(provisioningKey)) faults.push('the provisioning key is not a public user nkey');
  // The server takes the last of two equal keys without a word: one party would then sit in another's account.
  const keys = new Set([provisioningKey]);
  const ids = new Set<string>();
  members.forEach((member, place) => {
    const named = partyId.safeParse(member.id).success;
    const who = named ? member.id : `member ${place + 1}`;
    if (!named) faults.push(`${who}: the id is not 2 to 31 of a-z, 0-9 and hyphen`);
    if (!partyKind.safeParse(member.kind).success) faults.push(`${who}: no such kind of party`);
    if (!isBrokerKey(member.brokerKey)) faults.push(`${who}: the broker key is not a public user nkey`);
    if (ids.has(member.id)) faults.push(`${who}: the id is there twice`);
    if (keys.has(member.brokerKey)) faults.push(`${who}: the broker key is there twice`);
    ids.add(member.id);
    keys.add(member.brokerKey);
  });
  return faults;
}
