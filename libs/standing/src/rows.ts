// Reads and writes what a node knows of agreements. Writing twice, or in another order, leaves the same rows.
import { agreement, canonicalBytes, parseJson, type Agreement, type PartyId } from '@anonymesh/protocol';
import {
  agreementSignatures,
  counting,
  type AgreementSignatures,
  type SignedAgreement,
  type Status,
} from '@anonymesh/trust';
import type { Knex } from 'knex';

export interface Kept {
  readonly content: Agreement;
  readonly signatures: AgreementSignatures;
}

export interface KeptStatus extends Status {
  readonly agreement: string;
  readonly party: PartyId;
  /** The document, as its party signed it. */
  readonly signed: string;
}

/** How many signatures there are of each agreement, by hash. */
export async function countSignatures(knex: Knex): Promise<ReadonlyMap<string, number>> {
  const rows: unknown = await knex('agreements')
    .leftJoin('agreement_signatures', 'agreement_signatures.agreement', 'agreements.hash')
    .groupBy('agreements.hash')
    .select('agreements.hash')
    .count({ rows: 'agreement_signatures.party' });
  return new Map((rows as { hash: string; rows: number }[]).map(({ hash, rows: count }) => [hash, Number(count)]));
}

/** By hash. */
export async function readAgreements(knex: Knex, wanted: readonly string[]): Promise<ReadonlyMap<string, Kept>> {
  if (wanted.length === 0) return new Map();
  const documents = await knex<{ hash: string; content: string }>('agreements').whereIn('hash', wanted);
  const rows = await knex<SignatureRow>('agreement_signatures').whereIn('agreement', wanted);
  const byAgreement = Map.groupBy(rows, (row) => row.agreement);
  return new Map(
    documents.map(({ hash, content }) => {
      const signed = (byAgreement.get(hash) ?? []).map(({ party, signature }) => [party, signature] as const);
      const signatures = agreementSignatures.parse(Object.fromEntries(signed));
      return [hash, { content: agreement.parse(parseJson(Buffer.from(content))), signatures }];
    }),
  );
}

/** Whether anything of it was new. `by`: who told of it, which counts of the first. */
export async function keepAgreement(
  knex: Knex,
  { hash, content, signatures }: SignedAgreement,
  by: PartyId,
): Promise<boolean> {
  const text = canonicalBytes(content).toString('utf8');
  const documents: unknown[] = await knex('agreements')
    .insert({ hash, content: text, brought_by: by })
    .onConflict('hash')
    .ignore()
    .returning('hash');
  const rows: SignatureRow[] = Object.entries(signatures).map(([party, signature]) => {
    return { agreement: hash, party, signature };
  });
  if (rows.length === 0) return documents.length > 0;
  const signed: unknown[] = await knex('agreement_signatures')
    .insert(rows)
    .onConflict(['agreement', 'party'])
    .ignore()
    .returning('party');
  return documents.length + signed.length > 0;
}

/** How many agreements that `self` has not signed that party was the first to tell of. */
export async function countDrafts(knex: Knex, by: PartyId, self: PartyId): Promise<number> {
  const drafts: unknown[] = await knex('agreements')
    .where({ brought_by: by })
    .whereNotIn('hash', signedBy(knex, self))
    .select('hash');
  return drafts.length;
}

/** Of these hashes, deletes all that there is of those that `self` has not signed; which they are. */
export async function deleteDrafts(knex: Knex, hashes: readonly string[], self: PartyId): Promise<readonly string[]> {
  const signed: string[] = await signedBy(knex, self).whereIn('agreement', hashes).pluck('agreement');
  const drafts = hashes.filter((hash) => !signed.includes(hash));
  await knex('agreement_statuses').whereIn('agreement', drafts).delete();
  await knex('agreement_signatures').whereIn('agreement', drafts).delete();
  await knex('agreements').whereIn('hash', drafts).delete();
  return drafts;
}

function signedBy(knex: Knex, party: PartyId) {
  return knex<SignatureRow>('agreement_signatures').where({ party }).select('agreement');
}

export async function statusesOf(knex: Knex, hashes: readonly string[]): Promise<KeptStatus[]> {
  if (hashes.length === 0) return [];
  return knex<KeptStatus>('agreement_statuses').whereIn('agreement', hashes).select('*');
}

/** Whether it counts, and did not before. `isVoid`: of the one that is kept, whether it counts for nothing by now. */
export async function keepStatus(
  knex: Knex,
  status: KeptStatus,
  isVoid: (kept: KeptStatus) => boolean,
): Promise<boolean> {
  const { agreement: hash, party } = status;
  const [before] = await knex<KeptStatus>('agreement_statuses').where({ agreement: hash, party }).select('*');
  const counts = before === undefined || counting(before, status) !== before;
  if (!counts && (before.signed === status.signed || !isVoid(before))) return false;
  const instead = counts ? '' : before.signed;
  // Another copy of this node may write at the same time: what counts is decided once more where the rows are.
  await knex('agreement_statuses')
    .insert({ ...status })
    .onConflict(['agreement', 'party'])
    .merge()
    .whereRaw(
      `agreement_statuses.state <> 'withdrawn' and (excluded.state = 'withdrawn' or excluded.sequence > agreement_statuses.sequence or (excluded.sequence = agreement_statuses.sequence and excluded.until > agreement_statuses.until) or agreement_statuses.signed = ?)`,
      [instead],
    );
  return true;
}

interface SignatureRow {
  agreement: string;
  party: string;
  signature: string;
}
