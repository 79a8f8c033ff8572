// What a party's node has learned of agreements from the others, read in its store: others' signatures and words come to
// the node and not into its folder, so that its files alone tell less.
import type { PartyId } from '@anonymesh/protocol';
import { openLedger, type Ledger } from '@anonymesh/standing';
import { checkAgreement, type SignedAgreement, type Trust } from '@anonymesh/trust';
import type { Knex } from 'knex';

/** As a running node has it. */
export interface Knowing {
  readonly standing: Ledger;
  readonly courier: { readonly store: { readonly knex: Knex } };
}

/**
 * `agreements` of the trust grow with what is found. Undefined where the node has not run yet. Nothing is written: what
 * was put into the folder a moment ago the node has yet to take in.
 */
export async function knowAgreements(
  knex: Knex,
  id: PartyId,
  { directory, agreements }: Trust,
): Promise<Knowing | undefined> {
  if (!(await knex.schema.hasTable('agreements'))) return undefined;
  const learned = new Map<string, SignedAgreement>(); // the ledger would keep those that it is given
  const standing = await openLedger(knex, id, directory, learned);
  for (const { hash, content, signatures } of agreements.values()) {
    const all = { ...signatures, ...learned.get(hash)?.signatures };
    learned.set(hash, checkAgreement(content, all, directory));
  }
  for (const [hash, signed] of learned) agreements.set(hash, signed);
  return { standing, courier: { store: { knex } } };
}
