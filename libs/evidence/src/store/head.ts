// The head of the log as its store keeps it: size and peaks. Whoever appends holds its row, so that two copies of an app
// never give one place twice.
import { skipLocked } from '@anonymesh/store';
import type { Knex } from 'knex';
import { peaksOf, type Frontier } from '../merkle/frontier.js';

export interface StoredHead {
  readonly frontier: Frontier;
  /** The entries before this place have been counted by query. */
  readonly counted: number;
}

export async function readHead(knex: Knex): Promise<StoredHead> {
  return headOf(await knex<HeadRow>('evidence_head').where({ id: 1 }).first());
}

/** Undefined where another copy of the app is appending. */
export async function holdHead(transaction: Knex.Transaction): Promise<StoredHead | undefined> {
  const [row] = await skipLocked(transaction<HeadRow>('evidence_head').where({ id: 1 }).select('*'));
  return row === undefined ? undefined : headOf(row);
}

/** Waits for another copy of the app that is appending. */
export async function waitForHead(transaction: Knex.Transaction): Promise<void> {
  await transaction('evidence_head').where({ id: 1 }).select('id').forUpdate();
}

export async function writeHead(transaction: Knex.Transaction, { frontier, counted }: StoredHead): Promise<void> {
  const row = { size: frontier.size, peaks: Buffer.concat([...frontier.peaks]), counted };
  await transaction<HeadRow>('evidence_head').where({ id: 1 }).update(row);
}

function headOf(row: HeadRow | undefined): StoredHead {
  if (row === undefined) throw new Error('the log has no head');
  const { size, peaks, counted } = row;
  if (peaks.length !== peaksOf(size) * 32) throw new Error('the head of the log does not fit its size');
  const list = Array.from({ length: peaks.length / 32 }, (_, index) => peaks.subarray(index * 32, (index + 1) * 32));
  return { frontier: { size, peaks: list }, counted };
}

interface HeadRow {
  id: number;
  size: number;
  peaks: Buffer;
  counted: number;
}
