// The course of one set query at this holder while it is open: what all its parts work with, and how they end it.
import { standingOf, type StoreNode, type Work } from '@anonymesh/courier';
import type { RefusalCode } from '@anonymesh/protocol';
import type { Pool, QueryScalars } from '@anonymesh/psi';
import { isEnded } from '@anonymesh/trust';
import type { Holder } from '../inbound/examine.js';
import type { SetQuestion } from '../inbound/question.js';
import type { Mark } from '../disclosing/marks.js';
import type { Source } from '../sources/source.js';
import { findSetQuery, lockSetQuery, type SetQuery } from '../store/set-queries.js';
import type { Changes } from './changes.js';
import type { Progress } from './progress.js';
import type { SetFiles } from './spill/set-files.js';

/** What all queries share. */
export interface SetParts {
  readonly node: StoreNode;
  readonly holder: Holder;
  readonly source: Source;
  readonly pool: Pool;
  /** The folder of all spill files. */
  readonly spill: string;
  /** Does one after another what takes much memory. */
  readonly inTurn: <Result>(work: () => Promise<Result>) => Promise<Result>;
}

export interface Course extends SetParts {
  readonly question: SetQuestion;
  readonly query: SetQuery;
  readonly seed: Buffer;
  readonly scalars: QueryScalars;
  readonly pairSecrets: Readonly<Record<string, Uint8Array>>;
  /** By which the disclosure log is searched for a person whose record was released. */
  readonly mark: Mark;
  readonly changes: Changes;
  readonly progress: Progress;
  /** Aborted when the query has ended, or this process is to end. */
  readonly signal: AbortSignal;
  /** Ends the query with a refusal to the aggregator. */
  readonly refuse: (code: RefusalCode) => Promise<void>;
}

/** A course with the spill files of the reading that was completed. */
export interface ReadCourse extends Course {
  readonly files: SetFiles;
  /** Padded. */
  readonly records: number;
}

/** Milliseconds between two looks for what other copies of this holder have received. */
export const lookEvery = 500;

/** The query's row, or undefined once it has ended or this process is to end. */
export async function stillOpen({ node, query, signal }: Course): Promise<SetQuery | undefined> {
  if (signal.aborted) return undefined;
  const row = await findSetQuery(node.courier.store.knex, query.query_id);
  return row?.state === 'open' ? row : undefined;
}

/** Whether its agreement was withdrawn or replaced: nothing leaves any more, though its refusal may take a second yet. */
export async function isOver({ node, query }: Course, { transaction }: Work): Promise<boolean> {
  return isEnded(await standingOf(node.standing, transaction, query.agreement));
}

/**
 * In one transaction, unless the query has ended: of one that was taken back nothing leaves any more. Until it is over
 * nobody ends the query, and nobody else changes its row, which the effect is given. Undefined where it has ended.
 */
export function transact<Result>(
  { node, query }: Pick<Course, 'node' | 'query'>,
  effect: (work: Work, row: SetQuery) => Promise<Result>,
): Promise<Result | undefined> {
  return node.courier.transact(async (work) => {
    const row = await lockSetQuery(work.transaction, query.query_id);
    return row?.state === 'open' ? effect(work, row) : undefined;
  });
}
