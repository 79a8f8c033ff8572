// The mark of a person in the disclosure log: a MAC of the subject key under a secret of this holder's own. A plain hash
// of an insurance number is found by trying all numbers; this one is not, by whoever has the store but not our key.
import type { Self } from '@anonymesh/courier';
import { canonicalBytes, seal, unseal, type FieldFormat } from '@anonymesh/protocol';
import type { Store } from '@anonymesh/store';
import { createHmac, createPublicKey, createSecretKey, randomBytes, type KeyObject } from 'node:crypto';

/**
 * The canonical value of a field → its mark, base64url of 32 bytes. `set-sketch` is no field's format: the secret of the
 * sketches of an agreement's sets comes of it, which no value of a person can be.
 */
export type Mark = (format: FieldFormat | 'set-sketch', canonical: string) => string;

export function marksBy(secret: KeyObject): Mark {
  return (format, canonical) =>
    createHmac('sha256', secret)
      .update(canonicalBytes({ format, value: canonical }))
      .digest('base64url');
}

interface KeptSecret {
  id: number;
  /** Id of the own sealing key to which it is sealed. */
  own_key: string;
  sealed: string;
}

/**
 * Opens this holder's secret, or makes it at the first start; where another own key is in force now it is sealed to that
 * one, so that the older can be thrown away. Throws where no key of ours opens it: a new secret would find nothing.
 */
export async function openMarks(self: Self, { knex }: Store, now: number): Promise<Mark> {
  const inForce = self.directory.sealingKey(self.id, now)?.kid;
  const fresh = randomBytes(32);
  const kid = inForce !== undefined && self.keyring.sealing(inForce) !== undefined ? inForce : undefined;
  if (kid !== undefined)
    await knex<KeptSecret>('mark_secrets')
      .insert(sealed(self, kid, fresh))
      .onConflict('id')
      .ignore();
  const kept = await knex<KeptSecret>('mark_secrets').where({ id: only }).first();
  if (kept === undefined) throw new Error('no sealing key of ours is in force');
  const secret = unseal(kept.sealed, self.keyring.sealing, contextOf(self));
  if (typeof secret === 'string') throw new Error(`the secret of the disclosure log does not open: ${secret}`);
  if (kid !== undefined && kid !== kept.own_key)
    await knex<KeptSecret>('mark_secrets')
      .where({ id: only })
      .update(sealed(self, kid, secret));
  return marksBy(createSecretKey(secret));
}

const only = 1;

function sealed(self: Self, kid: string, secret: Uint8Array): KeptSecret {
  const own = self.keyring.sealing(kid);
  if (own === undefined) throw new Error('no such sealing key of ours');
  const to = { kid, key: createPublicKey(own.key) };
  return { id: only, own_key: kid, sealed: seal(secret, to, contextOf(self)) };
}

function contextOf({ id }: Self) {
  return { message: 'own-mark-secret', holder: id };
}
