// Withdraws a party from an agreement, for ever: the party's own node gets the signed word, and tells all others. Works as
// well where the node is down, from what lies in its folder; it tells them when it starts.
import { longestStatus, readKeyFile, signStatus, verifyStatus, type SignedAgreement } from '@anonymesh/trust';
import { named, No } from '../telling/no.js';
import { filedAt, type OwnNode } from './own-node.js';
import { putDown } from './put-down.js';

export interface Withdrawn {
  readonly signed: SignedAgreement;
  /** Where the node reads the withdrawal. */
  readonly file: string;
}

/** `keyFile`: the node's signing key, or the party's identity key where the node's is out of reach or out of hand. */
export async function withdraw(
  signed: SignedAgreement,
  node: OwnNode,
  keyFile: string,
  now: number,
): Promise<Withdrawn> {
  const { party, directory } = node;
  if (signed.pinned(party) === undefined)
    throw new No('refused', `${signed.content.id}: it does not name ${party} as the directory does`);
  const key = named(() => readKeyFile(keyFile, 'Ed25519'));
  const said = { party, agreement: signed.hash, sequence: now, from: now, until: now + longestStatus };
  const status = await signStatus({ ...said, state: 'withdrawn' }, key);
  if (verifyStatus(status, signed, directory) === undefined)
    throw new No('refused', `${keyFile}: the directory has no such key of ${party}`);
  const there = filedAt(node).find(({ signed: { hash } }) => hash === signed.hash);
  const isThere = there?.withdrawals.some((each) => verifyStatus(each, signed, directory)?.party === party) ?? false;
  return { signed, file: putDown(node, { signed, withdrawals: isThere ? [] : [status] }) };
}
