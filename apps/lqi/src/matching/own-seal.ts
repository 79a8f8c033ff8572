// What the store keeps of a set query's secrets: sealed to the holder's own key, so that whoever reads the store, or a
// backup of it, can neither compute what this holder computes nor read a record.
import type { Self } from '@anonymesh/courier';
import { seal, unseal, type QueryId } from '@anonymesh/protocol';
import { createPublicKey } from 'node:crypto';

type Kept = 'seed' | 'record';

/** Seals to the own key of that id. Throws where we do not have it. */
export function sealToSelf(self: Self, kid: string, queryId: QueryId, what: Kept, bytes: Uint8Array): string {
  const own = self.keyring.sealing(kid);
  if (own === undefined) throw new Error('no such sealing key of ours');
  return seal(bytes, { kid, key: createPublicKey(own.key) }, contextOf(self, queryId, what));
}

/** Throws where it cannot be opened: the key is gone, or it was not sealed for that. */
export function openOwn(self: Self, queryId: QueryId, what: Kept, sealed: string): Buffer {
  const opened = unseal(sealed, self.keyring.sealing, contextOf(self, queryId, what));
  if (typeof opened === 'string') throw new Error(`what we sealed for ourselves does not open: ${opened}`);
  return opened;
}

function contextOf({ id }: Self, queryId: QueryId, what: Kept) {
  return { message: `own-${what}`, holder: id, query: queryId };
}
