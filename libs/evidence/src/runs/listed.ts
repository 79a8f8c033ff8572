// Which runs the next entry that counts has to list: those that the last one listed, and its own stretch, and in place of
// several in a row the one that has been made of them meanwhile.
import { base64url } from '@anonymesh/protocol';
import type { Knex } from 'knex';
import { mostRuns, readEntry, type Run } from '../entries/entry.js';
import { sectionsOf, type Counted, type Section } from '../entries/sections.js';
import { readEntries } from '../store/read-entries.js';
import type { RunRow } from './tables.js';

/** `end`: the place after the last entry that counts. */
export async function runsBefore(knex: Knex, end: number): Promise<Section[]> {
  if (end === 0) return [];
  const last = await countedBefore(knex, end);
  // In a log that was begun before there were runs, these begin with what is counted next.
  const sections = last.runs === undefined ? [] : (sectionsOf(last) ?? []);
  const [first] = sections;
  if (first === undefined) return [];
  const made = await knex<RunRow>('evidence_runs')
    .where('start', '>=', first.from)
    .where('finish', '<=', end)
    .whereNotNull('root');
  // Only where joining them has been failing for long are there so many; then the oldest are not listed any more.
  return joinedBy(sections, made).slice(-mostRuns);
}

export function runOf({ at, from, queries, root }: Section): Run {
  return { at, from, queries, root };
}

/** The entry that counts, after which comes that place. */
export async function countedBefore(knex: Knex, end: number): Promise<Counted> {
  const [stored] = await readEntries(knex, { from: end - 1, to: end });
  const counted = stored && readEntry(stored.text);
  if (counted?.did !== 'counted') throw new Error('the log lacks an entry that counts');
  return counted;
}

function joinedBy(sections: readonly Section[], made: readonly RunRow[]): Section[] {
  const endsAt = new Map(sections.map(({ to }, index) => [to, index]));
  const widest = new Map<number, RunRow>();
  for (const row of made)
    if (endsAt.has(row.finish) && row.finish > (widest.get(row.start)?.finish ?? 0)) widest.set(row.start, row);
  const joined: Section[] = [];
  for (let index = 0; index < sections.length; index += 1) {
    const section = sections[index];
    if (section === undefined) continue;
    const row = widest.get(section.from);
    const last = row && endsAt.get(row.finish);
    const ending = last === undefined ? undefined : sections[last];
    if (row === undefined || last === undefined || ending === undefined || last <= index) joined.push(section);
    else {
      const { queries, root } = row;
      if (queries === null || root === null) throw new Error('a run that was made lacks its root');
      joined.push({ from: section.from, to: ending.to, queries, root: base64url(root), at: ending.at });
      index = last;
    }
  }
  return joined;
}
