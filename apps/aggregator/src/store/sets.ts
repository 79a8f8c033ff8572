// Set queries that have not ended, and what each of their holders has sent so far. Rows go when the query ends: what a
// holder's records are tagged with is kept no longer than it is needed.
import { canonicalBytes, type QueryId, type SetStage } from '@anonymesh/protocol';
import type { Control } from '@anonymesh/protocol-answering';
import type { Knex } from 'knex';
import type { Ending, Stage } from '../matching/decide-set.js';

export interface SetRow {
  query_id: QueryId;
  stage: Stage;
  /** Whether something has happened that the requester was not told of. */
  advanced: boolean;
  /** The progress that it was told last, as JSON. */
  told: string | null;
  /** How many are in common, where releases are waited for. */
  people: number;
  /** How it ends, as JSON, once that is decided. */
  ending: string | null;
  /** Letters with matches that have left. */
  letters: number;
  /** The copy of this app that has its tokens; null until the first come. */
  keeper: string | null;
}

/** What every letter of a holder must say alike. `sealing` opens its records for the requester. */
export interface Opening {
  readonly control: Control;
  readonly sealing?: Sealing | undefined;
}
export interface Sealing {
  readonly enc: string;
  readonly to: string;
}

export interface SetHolderRow {
  query_id: QueryId;
  holder: string;
  /** An Opening in canonical JSON; null until the first tokens come. */
  opening: string | null;
  /** Of the whole set, as the first letter says. */
  records: number;
  received: number;
  /** It has said two different things. */
  differs: boolean;
  stage: SetStage;
  percent: number;
  /** How many of its records matched. */
  matched: number;
  /** How the records in `released` open, as JSON; null until they come. */
  release: string | null;
  released: Buffer | null;
}

export type SetHolder = Omit<SetHolderRow, 'released'>;

const columns = [
  'query_id',
  'holder',
  'opening',
  'records',
  'received',
  'differs',
  'stage',
  'percent',
  'matched',
  'release',
] as const satisfies (keyof SetHolder)[];

export function openingText(opening: Opening): string {
  return canonicalBytes(opening).toString();
}

export function readOpening({ opening }: SetHolder): Opening | undefined {
  return opening === null ? undefined : (JSON.parse(opening) as Opening);
}

export function isComplete({ records, received, differs }: SetHolder): boolean {
  return records > 0 && received === records && !differs;
}

export async function insertSet(transaction: Knex.Transaction, id: QueryId, holders: readonly string[]): Promise<void> {
  const set = {
    stage: 'collecting',
    advanced: false,
    told: null,
    people: 0,
    ending: null,
    letters: 0,
    keeper: null,
  } as const;
  await transaction<SetRow>('sets').insert({ query_id: id, ...set });
  const nothing = { opening: null, records: 0, received: 0, differs: false, stage: 'reading', percent: 0 } as const;
  await transaction<SetHolderRow>('set_holders').insert(
    [...holders].sort().map((holder) => {
      return { query_id: id, holder, ...nothing, matched: 0, release: null, released: null };
    }),
  );
}

export function findSet(knex: Knex, id: QueryId): Promise<SetRow | undefined> {
  return knex<SetRow>('sets').where({ query_id: id }).first();
}

export function updateSet(transaction: Knex.Transaction, id: QueryId, change: Partial<SetRow>): Promise<number> {
  return transaction<SetRow>('sets').where({ query_id: id }).update(change);
}

export function saveEnding(transaction: Knex.Transaction, id: QueryId, ending: Ending): Promise<number> {
  return updateSet(transaction, id, { stage: 'ending', ending: JSON.stringify(ending) });
}

export function readEnding({ ending }: SetRow): Ending {
  if (ending === null) throw new Error('a set that ends has an ending');
  return JSON.parse(ending) as Ending;
}

/** In byte order of their ids; without what was released, which is large. */
export async function findSetHolders(knex: Knex, id: QueryId): Promise<SetHolder[]> {
  const rows: SetHolder[] = await knex('set_holders').where({ query_id: id }).select(columns);
  return rows.sort((one, other) => (one.holder < other.holder ? -1 : 1));
}

export async function findReleased(knex: Knex, id: QueryId, holder: string): Promise<Buffer> {
  const row = await knex<SetHolderRow>('set_holders').where({ query_id: id, holder }).first('released');
  return row?.released ?? Buffer.alloc(0);
}

export function findSetHolder(knex: Knex, id: QueryId, holder: string): Promise<SetHolder | undefined> {
  return knex<SetHolderRow>('set_holders').where({ query_id: id, holder }).first(columns);
}

export function updateSetHolder(
  transaction: Knex.Transaction,
  { query_id, holder }: SetHolder,
  change: Partial<SetHolderRow>,
): Promise<number> {
  return transaction<SetHolderRow>('set_holders').where({ query_id, holder }).update(change);
}

/** Sets that are at a stage. */
export function setsIn(knex: Knex, stage: Stage): Promise<QueryId[]> {
  return knex<SetRow>('sets').where({ stage }).orderBy('query_id').pluck('query_id');
}

/** Sets of which the requester could be told more. */
export function setsToTell(knex: Knex, expectedBefore: number): Promise<QueryId[]> {
  return knex('sets')
    .join('queries', 'queries.id', 'sets.query_id')
    .where('sets.advanced', true)
    .where('queries.expected_at', '<', expectedBefore)
    .pluck('sets.query_id');
}

/** Every set that has not ended. */
export function openSets(knex: Knex): Promise<QueryId[]> {
  return knex<SetRow>('sets').pluck('query_id');
}

export async function deleteSet(transaction: Knex.Transaction, id: QueryId): Promise<void> {
  for (const table of ['token_letters', 'set_holders', 'sets', 'words'])
    await transaction(table).where({ query_id: id }).delete();
}
