// By what the records of this query are sealed: the secret that we and the requester share (HPKE), made again of the
// query's seed whenever it is needed, so that all letters name the same encapsulated key.
import { base64url, publicKeyFrom } from '@anonymesh/protocol';
import { openSender, wipe } from '@anonymesh/psi';
import { isRevoked } from '@anonymesh/trust';
import type { Course } from '../course.js';
import { subkeyOf } from '../subkey.js';

export interface Sealing {
  /** As it travels. */
  readonly named: { readonly enc: string; readonly to: string };
  /** 32 bytes, secret: opens every record that is released. Whoever made it wipes it. */
  readonly exportSecret: Buffer;
}

export async function sealingOf({ question, query, seed, node, holder }: Course): Promise<Sealing> {
  const { queryId, signed, verified } = question;
  const { requester } = verified.manifest;
  const to = signed.pinned(requester)?.sealing.find(({ kid }) => kid === query.requester_key);
  const own = node.courier.self.keyring.sealing(query.own_key);
  if (to === undefined || own === undefined) throw new Error('a key of this query is gone');
  // Whoever stole it would read the records: the query comes to its deadline instead.
  if (isRevoked(to, Date.now())) throw new Error('a key of this query is revoked');
  const ephemeral = subkeyOf(seed, queryId, 'anonymesh/lqi/hpke/v1');
  const context = { query: queryId, agreement: signed.hash, holder: holder.id, requester };
  const recipient = publicKeyFrom('X25519', Buffer.from(to.key, 'base64url'));
  const { enc, exportSecret } = await openSender(context, { sender: own.key, recipient, ephemeral });
  wipe(ephemeral);
  return { named: { enc: base64url(enc), to: to.kid }, exportSecret };
}
