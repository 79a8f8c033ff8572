// A node's ledger of agreements: takes notices, believes of each part what its own party signed, and says which agreements
// are in force. Statuses are read where they are kept each time, so that all copies of a node see a withdrawal at once.
import { agreementHashOf, Refusal, type Agreement, type AgreementNotice, type PartyId } from '@anonymesh/protocol';
import {
  checkAgreement,
  inForce,
  isEnded,
  verifyStatus,
  type Directory,
  type Known,
  type SignedAgreement,
  type Standing,
  type Status,
  type Terms,
} from '@anonymesh/trust';
import type { Knex } from 'knex';
import {
  countDrafts,
  countSignatures,
  deleteDrafts,
  keepAgreement,
  keepStatus,
  readAgreements,
  statusesOf,
  type KeptStatus,
} from './rows.js';

export interface Learned {
  readonly hash: string;
  /** Whether anything of it was not known before. */
  readonly isNew: boolean;
  /** This agreement and its other versions, as far as they can never be run again. */
  readonly ended: readonly string[];
}

export interface Ledger {
  /** Of each hash, known or not. `knex`: the store, or the transaction that something depends on it. */
  standings(knex: Knex, hashes: readonly string[], now: number): Promise<ReadonlyMap<string, Standing>>;
  /**
   * Keeps what of it can be verified. Throws a Refusal where that is nothing, or where it is none of our business. `by`: who
   * told of it; nobody else where our own folder did.
   */
  take(transaction: Knex, said: AgreementNotice, by?: PartyId): Promise<Learned>;
  /** How many that we have not signed we were first told of by that party. */
  draftsBy(knex: Knex, party: PartyId): Promise<number>;
  /** Forgets what is past and was never signed by us: nothing was ever done under it. Resolves to how many. */
  forgetDrafts(knex: Knex, now: number): Promise<number>;
  /** The party's status that counts. */
  statusOf(knex: Knex, hash: string, party: PartyId): Promise<KeptStatus | undefined>;
  /** Those of all known agreements that can never be run again. */
  ended(knex: Knex, now: number): Promise<readonly string[]>;
  /** All that is known of an agreement, for others. */
  notice(knex: Knex, hash: string): Promise<AgreementNotice | undefined>;
  /** Takes in what other copies of this node have learned. */
  refresh(knex: Knex): Promise<void>;
}

/** Whoever is admitted to the mesh could fill our store otherwise. */
const mostAgreements = 1000;

/** `agreements`: those that this node goes by, which grow with what is learned; at first those of its files. */
export async function openLedger(
  knex: Knex,
  self: PartyId,
  directory: Directory,
  agreements: Map<string, SignedAgreement>,
): Promise<Ledger> {
  const merge = (content: Agreement, signatures: AgreementNotice['signatures'], hash = agreementHashOf(content)) => {
    const known = agreements.get(hash);
    // A signature that was verified is not given up for another one.
    const merged = { ...signatures, ...known?.signatures };
    const signed = checkAgreement(known?.content ?? content, merged, directory);
    const grew = Object.keys(signed.signatures).length > Object.keys(known?.signatures ?? {}).length;
    return { signed: known === undefined || grew ? signed : known, known };
  };

  /** How many signatures of each were in the store when it was read last: what has not grown is not read again. */
  const read = new Map<string, number>();

  const refresh = async (from: Knex) => {
    const grown = [...(await countSignatures(from))].filter(([hash, count]) => read.get(hash) !== count);
    for (const [hash, { content, signatures }] of await readAgreements(
      from,
      grown.map(([hash]) => hash),
    ))
      agreements.set(hash, merge(content, signatures, hash).signed);
    for (const [hash, count] of grown) read.set(hash, count);
  };

  const standings: Ledger['standings'] = async (from, hashes, now) => {
    const wanted = [...new Set(hashes)];
    const rows = await statusesOf(from, wanted);
    const known = knownFrom(
      agreements,
      Map.groupBy(rows, (row) => row.agreement),
    );
    return new Map(wanted.map((hash) => [hash, inForce(hash, known, now)]));
  };

  const take: Ledger['take'] = async (transaction, said, by = self) => {
    const { signed, known } = merge(said.agreement, said.signatures);
    const { hash, content } = signed;
    if (signed.pinned(self) === undefined) throw new Refusal('not-for-you');
    if (Object.keys(signed.signatures).length === 0) throw new Refusal('agreement-not-signed');
    if (known === undefined && agreements.size >= mostAgreements) throw new Refusal('too-large');
    let isNew = await keepAgreement(transaction, signed, by);
    // Of a key that was revoked since: whoever stole it may have given it the highest number there is.
    const isVoid = (kept: KeptStatus) =>
      kept.state === 'in-force' && verifyStatus(kept.signed, signed, directory) === undefined;
    for (const jws of said.statuses) {
      const status = verifyStatus(jws, signed, directory);
      if (status !== undefined)
        isNew = (await keepStatus(transaction, { agreement: hash, ...status, signed: jws }, isVoid)) || isNew;
    }
    agreements.set(hash, signed);
    const versions = [...agreements.values()].filter((each) => each.content.id === content.id).map((each) => each.hash);
    const found = await standings(transaction, versions, Date.now());
    return { hash, isNew, ended: versions.filter((each) => isEnded(found.get(each) ?? { standing: 'unknown' })) };
  };

  const forgetDrafts: Ledger['forgetDrafts'] = async (from, now) => {
    const today = new Date(now).toISOString().slice(0, 10);
    const past = [...agreements.values()].filter(
      ({ content, signatures }) => signatures[self] === undefined && content.validity.until < today,
    );
    if (past.length === 0) return 0;
    const hashes = past.map(({ hash }) => hash);
    const gone = await from.transaction((transaction) => deleteDrafts(transaction, hashes, self));
    for (const hash of gone) {
      agreements.delete(hash);
      read.delete(hash);
    }
    return gone.length;
  };

  for (const signed of [...agreements.values()]) await keepAgreement(knex, signed, self);
  await refresh(knex);
  return {
    standings,
    take,
    refresh,
    draftsBy: (from, party) => countDrafts(from, party, self),
    forgetDrafts,
    statusOf: async (from, hash, party) => (await statusesOf(from, [hash])).find((status) => status.party === party),
    ended: async (from, now) => {
      const found = await standings(from, [...agreements.keys()], now);
      return [...found].filter(([, standing]) => isEnded(standing)).map(([hash]) => hash);
    },
    notice: async (from, hash) => {
      const signed = agreements.get(hash);
      if (signed === undefined) return undefined;
      const statuses = (await statusesOf(from, [hash])).map((status) => status.signed);
      return { agreement: signed.content, signatures: signed.signatures, statuses };
    },
  };
}

function knownFrom(
  agreements: ReadonlyMap<string, SignedAgreement>,
  rows: ReadonlyMap<string, readonly (Status & { readonly party: PartyId })[]>,
): Known {
  const terms = new Map<string, Terms>();
  const signed = new Map<string, ReadonlySet<PartyId>>();
  for (const [hash, { content, signatures }] of agreements) {
    const { id, version, parties, validity } = content;
    terms.set(hash, { id, version, parties: parties.map((party) => party.id), validity });
    signed.set(hash, new Set(Object.keys(signatures)));
  }
  const statuses = new Map([...rows].map(([hash, all]) => [hash, new Map(all.map((each) => [each.party, each]))]));
  return { terms, signed, statuses };
}
