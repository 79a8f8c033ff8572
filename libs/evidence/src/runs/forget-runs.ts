// Forgets runs that have been joined to longer ones, once no checkpoint by which somebody may testify lists them.
import type { Knex } from 'knex';
import { setImmediate as turn } from 'node:timers/promises';
import { sectionsOf, type Section } from '../entries/sections.js';
import { countedBefore } from './listed.js';
import type { PageRow, RunRow } from './tables.js';

/** Checkpoints whose runs stay: more than anybody looks back for one that is countersigned. */
const kept = 40;
/** Pages that go at once. */
const atOnce = 256;

export async function forgetRuns(knex: Knex): Promise<void> {
  const sizes = knex('evidence_checkpoints').orderBy('size', 'desc').offset(kept);
  const old = await sizes.first<{ size: number } | undefined>('size');
  if (old === undefined) return;
  const listed = sectionsOf(await countedBefore(knex, old.size)) ?? [];
  const rows = await knex<RunRow>('evidence_runs').where('finish', '<=', old.size).select('start', 'finish', 'queries');
  for (const row of rows) if (isJoined(row, listed)) await forget(knex, row);
}

/** What is listed later is made of what was listed then. */
function isJoined({ start, finish }: Pick<RunRow, 'start' | 'finish'>, listed: readonly Section[]): boolean {
  const within = listed.find(({ from, to }) => from <= start && finish <= to);
  return within === undefined ? finish <= (listed[0]?.from ?? 0) : within.from !== start || within.to !== finish;
}

async function forget(knex: Knex, { start, finish }: Pick<RunRow, 'start' | 'finish'>): Promise<void> {
  const pages = knex<PageRow>('evidence_pages').where({ start, finish });
  const last = await pages.clone().max<{ page: number | null }>('page as page').first();
  for (let page = last?.page ?? -1; page >= 0; page -= atOnce) {
    await pages
      .clone()
      .where('page', '>', page - atOnce)
      .delete();
    await turn();
  }
  await knex<RunRow>('evidence_runs').where({ start, finish }).delete();
}
