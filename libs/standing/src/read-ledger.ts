// The ledger for who only looks at it, beside the node whose it is. Others' signatures and words come to the node and not
// into its folder: the folder alone tells less.
import type { PartyId } from '@anonymesh/protocol';
import { checkAgreement, type Directory, type SignedAgreement } from '@anonymesh/trust';
import type { Knex } from 'knex';
import { openLedger, type Ledger } from './ledger.js';

export interface ReadLedger {
  readonly ledger: Ledger;
  /** All that the node knows, by hash, with the signatures that it has and that lie in the folder. */
  readonly agreements: ReadonlyMap<string, SignedAgreement>;
}

/**
 * `filed`: what lies in the folder. Undefined where the node has not run yet. Nothing is written: what was put into the
 * folder a moment ago the node has yet to take in.
 */
export async function readLedger(
  knex: Knex,
  self: PartyId,
  directory: Directory,
  filed: Iterable<SignedAgreement>,
): Promise<ReadLedger | undefined> {
  if (!(await knex.schema.hasTable('agreements'))) return undefined;
  const agreements = new Map<string, SignedAgreement>(); // it would keep those that it is given
  const ledger = await openLedger(knex, self, directory, agreements);
  for (const { hash, content, signatures } of filed) {
    const all = { ...signatures, ...agreements.get(hash)?.signatures };
    agreements.set(hash, checkAgreement(content, all, directory));
  }
  return { ledger, agreements };
}
