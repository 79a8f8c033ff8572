// Disclosures: what left this holder, for which query, when, under which agreement and template, and to whom. No row says
// what an answer was, and rows of answers are alike; whom one is about only a keyed mark tells, to who has the key.
import type { PartyId, QueryId, RefusalCode } from '@anonymesh/protocol';
import type { Knex } from 'knex';

/**
 * `points`, `tokens`: of a set, once for each query, when the first of them leave. `release`: the letter of what people
 * approved, also where it is none; `record`: each record in it. `testimony`: to the auditor, once the query is over.
 */
export const disclosureKinds = ['answer', 'refusal', 'points', 'tokens', 'release', 'record', 'testimony'] as const;

export interface Disclosure {
  query_id: QueryId;
  kind: (typeof disclosureKinds)[number];
  /** When it could leave; milliseconds since 1970, as `asked_at` and `kept_until`. */
  at: number;
  /** When the requester asked; null where that could not be verified, or is not kept any more. */
  asked_at: number | null;
  /** The agreement's hash. */
  agreement: string;
  agreement_id: string;
  agreement_version: number;
  /** The template's hash, as the agreement pins it. */
  template: string;
  /** Null where the template was not looked at. */
  template_id: string | null;
  template_version: number | null;
  requester: PartyId | null;
  /** Who can read of it no more than docs/trust-boundaries.md says: a party's id. The auditor, who is none, by name. */
  recipient: string;
  /** Of a set, how many, padded as they are told; of a check null. */
  records: number | null;
  /** Why, of a refusal. */
  code: RefusalCode | null;
  /** By which the rows of a person are found: a MAC of the subject key. Null where nobody is named. */
  mark: string | null;
  /** The retention of the agreement. */
  kept_until: number;
}

export type KeptDisclosure = Disclosure & { readonly id: number };

const batch = 100;

export async function insertDisclosures(transaction: Knex.Transaction, rows: readonly Disclosure[]): Promise<void> {
  for (let first = 0; first < rows.length; first += batch)
    await transaction<Disclosure>('disclosures').insert(rows.slice(first, first + batch));
}

export interface Wanted {
  /** Of that person alone. */
  readonly mark?: string | undefined;
  /** Written before that row: where the page before this one ended. */
  readonly before?: number | undefined;
  readonly limit: number;
}

/** The newest first, none of those whose time is over. */
export async function listDisclosures(knex: Knex, now: number, wanted: Wanted): Promise<KeptDisclosure[]> {
  const rows: unknown = await kept(knex, now, wanted.mark)
    .modify((query) => (wanted.before === undefined ? undefined : void query.where('id', '<', wanted.before)))
    .orderBy('id', 'desc')
    .limit(wanted.limit)
    .select('*');
  return rows as KeptDisclosure[];
}

export async function countDisclosures(knex: Knex, now: number, mark?: string): Promise<number> {
  const [row] = await kept(knex, now, mark).count({ rows: '*' });
  return Number(row?.['rows']);
}

/** All of them, the newest first, so many at a time. */
export async function* everyDisclosure(knex: Knex, now: number, limit = 1000): AsyncGenerator<KeptDisclosure[]> {
  let before: number | undefined;
  for (;;) {
    const rows = await listDisclosures(knex, now, { before, limit });
    if (rows.length > 0) yield rows;
    if (rows.length < limit) return;
    before = rows.at(-1)?.id;
  }
}

export function eraseDisclosures(knex: Knex, now: number): Promise<number> {
  return knex('disclosures').where('kept_until', '<=', now).delete();
}

function kept(knex: Knex, now: number, mark: string | undefined) {
  const all = knex('disclosures').where('kept_until', '>', now);
  return mark === undefined ? all : all.where({ mark });
}
