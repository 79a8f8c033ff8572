// Joins runs, at leisure and page by page, so that a log never has many of them.
import type { Knex } from 'knex';
import { joinLines, queryIn, type Line } from '../entries/queries-tree.js';
import type { Section, Span } from '../entries/sections.js';
import { treeOf } from '../merkle/tree.js';
import { readHead } from '../store/head.js';
import { forgetRuns } from './forget-runs.js';
import { runsBefore } from './listed.js';
import { pairsToJoin } from './pairs.js';
import { linesPerPage, readPages, rowOf, writePages } from './pages.js';
import type { RunRow } from './tables.js';

/** Queries that are joined at once. */
const few = 2 ** 12;
const pagesAtOnce = 32;

/** Joins a little. Resolves to whether there may be more to join. */
export function openJoiner(knex: Knex): () => Promise<boolean> {
  /** Of the long runs that are being joined. */
  let joining: { readonly span: Span; readonly steps: AsyncGenerator<undefined> } | undefined;

  return async () => {
    const { counted } = await readHead(knex);
    const [next] = pairsToJoin(await runsBefore(knex, counted)).filter(({ span }) => !overlap(span, joining?.span));
    if (next !== undefined && (next.queries <= few || joining === undefined)) {
      const steps = join(knex, next.span, next.one, next.other);
      if (next.queries > few) joining = { span: next.span, steps };
      else for await (const _ of steps) continue;
      return true;
    }
    if (joining === undefined) {
      await forgetRuns(knex);
      return false;
    }
    const { done } = await joining.steps.next();
    if (done === true) joining = undefined;
    return true;
  };
}

function overlap(span: Span, other: Span | undefined): boolean {
  return other !== undefined && span.from < other.to && other.from < span.to;
}

/** Writes the run of two in portions. It is one, once its root is there. */
async function* join(knex: Knex, span: Span, one: Section, other: Section): AsyncGenerator<undefined> {
  await knex<RunRow>('evidence_runs')
    .insert({ ...rowOf(span), queries: null, root: null })
    .onConflict(['start', 'finish'])
    .ignore();
  const roots: Buffer[] = [];
  let rest: Line[] = [];
  let queries = 0;
  for await (const lines of joinedLines(knex, one, other)) {
    queries += lines.length;
    const all = [...rest, ...lines];
    const full = all.length - (all.length % linesPerPage);
    roots.push(...(await writePages(knex, span, all.slice(0, full), roots.length)));
    rest = all.slice(full);
    yield;
  }
  roots.push(...(await writePages(knex, span, rest, roots.length)));
  const { root } = treeOf(roots);
  await knex<RunRow>('evidence_runs').where(rowOf(span)).update({ queries, root });
}

async function* joinedLines(knex: Knex, one: Section, other: Section): AsyncGenerator<Line[]> {
  const [first, second] = [await openLines(knex, one), await openLines(knex, other)];
  while (first.lines.length + second.lines.length > 0) {
    // Up to the smaller of the two last queries that are read: what comes after it may still have to be joined.
    const lasts = [first, second].flatMap(({ lines, hasMore }) => (hasMore ? queryIn(lines.at(-1) ?? '') : []));
    const bound = lasts.sort()[0];
    yield joinLines(first.take(bound), second.take(bound));
    await first.fill();
    await second.fill();
  }
}

interface Lines {
  lines: Line[];
  hasMore: boolean;
  /** Those up to the query, all without one. */
  take(bound: string | undefined): Line[];
  fill(): Promise<void>;
}

async function openLines(knex: Knex, section: Section): Promise<Lines> {
  const pages = readPages(knex, section, pagesAtOnce);
  let left = section.queries;
  const of: Lines = {
    lines: [],
    hasMore: left > 0,
    take: (bound) => {
      const after = bound === undefined ? -1 : of.lines.findIndex((line) => queryIn(line) > bound);
      const taken = after === -1 ? of.lines : of.lines.slice(0, after);
      of.lines = after === -1 ? [] : of.lines.slice(after);
      return taken;
    },
    fill: async () => {
      if (of.lines.length > 0 || left === 0) return;
      const { value = [] } = (await pages.next()) as { value?: Line[] };
      if (value.length === 0) throw new Error(`the run from entry ${section.from} lacks pages`);
      of.lines = value;
      left -= value.length;
      of.hasMore = left > 0;
    },
  };
  await of.fill();
  return of;
}
