// What a party's node has learned of agreements from the others, for who examines it from its config file.
import type { PartyId } from '@anonymesh/protocol';
import { readLedger, type Ledger } from '@anonymesh/standing';
import type { Trust } from '@anonymesh/trust';
import type { Knex } from 'knex';

/** As a running node has it. */
export interface Knowing {
  readonly standing: Ledger;
  readonly courier: { readonly store: { readonly knex: Knex } };
}

/** `agreements` of the trust grow with what is found. Undefined where the node has not run yet. */
export async function knowAgreements(
  knex: Knex,
  id: PartyId,
  { directory, agreements }: Trust,
): Promise<Knowing | undefined> {
  const read = await readLedger(knex, id, directory, agreements.values());
  if (read === undefined) return undefined;
  for (const [hash, signed] of read.agreements) agreements.set(hash, signed);
  return { standing: read.ledger, courier: { store: { knex } } };
}
