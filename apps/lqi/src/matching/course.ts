// The course of one set query at this holder while it is open: what all its parts work with, and how they end it.
import { standingOf, type StoreNode, type Work } from '@anonymesh/courier';
import type { Message, PartyId, RefusalCode } from '@anonymesh/protocol';
import type { Pool, QueryScalars } from '@anonymesh/psi';
import { isEnded } from '@anonymesh/trust';
import type { Holder } from '../inbound/examine.js';
import type { SetQuestion } from '../inbound/question.js';
import type { Mark } from '../disclosing/marks.js';
import type { Source } from '../sources/source.js';
import { findSetQuery, type SetQuery } from '../store/set-queries.js';
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

/** In one transaction, unless the query has ended: what leaves must not leave after that. */
export function transact<Result>({ node }: Course, effect: (work: Work) => Promise<Result>): Promise<Result> {
  return node.courier.transact(effect);
}

/** Resolves when what already waits to leave is little; rejects when the query or this process is to end before. */
export function roomFor({ node, signal }: Course, message: Message, to: PartyId): Promise<void> {
  return node.courier.hasRoom(message, to, signal);
}
