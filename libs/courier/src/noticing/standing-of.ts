// Whether an agreement is in force, asked by the letters of a batch together.
import type { Ledger } from '@anonymesh/standing';
import type { Standing } from '@anonymesh/trust';
import type { Knex } from 'knex';
import { gather } from '../gather.js';

type Ask = (transaction: Knex, hash: string) => Promise<Standing>;

const asking = new WeakMap<Ledger, Ask>();

/** As it is now. `transaction`: that of what depends on it. */
export function standingOf(ledger: Ledger, transaction: Knex, hash: string): Promise<Standing> {
  const known = asking.get(ledger);
  if (known !== undefined) return known(transaction, hash);
  const ask: Ask = gather(async (within, hashes: readonly string[]) => {
    const found = await ledger.standings(within, hashes, Date.now());
    return hashes.map((each) => found.get(each) ?? { standing: 'unknown' as const });
  });
  asking.set(ledger, ask);
  return ask(transaction, hash);
}
