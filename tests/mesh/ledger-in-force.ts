// A node's ledger in a mesh on paper, in whose store every party has said that its agreements are in force: what the nodes of
// a whole mesh tell each other when they start. Statuses are those that the parties' own keys sign.
import { openLedger, type Ledger } from '@anonymesh/standing';
import { signStatus, type SignedAgreement } from '@anonymesh/trust';
import type { Knex } from 'knex';
import type { Parties } from './make-parties.js';

const hour = 3_600_000;

/** `agreements` may grow: whoever is silent on one says so when it is asked for. */
export async function ledgerInForce(
  knex: Knex,
  self: string,
  parties: Parties,
  agreements: Map<string, SignedAgreement>,
): Promise<Ledger> {
  const ledger = await openLedger(knex, self, parties.directory, agreements);
  return {
    ...ledger,
    standings: async (from, hashes, now) => {
      for (const [hash, found] of await ledger.standings(from, hashes, now))
        if (found.standing === 'waiting')
          await ledger.take(from as Knex.Transaction, await saidOf(hash, found.for, parties, agreements));
      return ledger.standings(from, hashes, now);
    },
  };
}

async function saidOf(
  hash: string,
  silent: readonly string[],
  parties: Parties,
  agreements: Map<string, SignedAgreement>,
) {
  const signed = agreements.get(hash);
  if (signed === undefined) throw new Error('who is waited for is in an agreement');
  const from = Date.now();
  const said = { agreement: hash, sequence: from, state: 'in-force', from, until: from + 24 * hour } as const;
  const statuses = await Promise.all(
    silent.map((party) => signStatus({ ...said, party }, parties.party(party).signing)),
  );
  return { agreement: signed.content, signatures: signed.signatures, statuses };
}
