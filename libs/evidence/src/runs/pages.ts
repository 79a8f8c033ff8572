// Pages: the leaves of a run's tree, so many at a time that each page but the last is a complete subtree of it.
import type { Knex } from 'knex';
import { leafOf, queryIn, type LeafOf, type Line } from '../entries/queries-tree.js';
import type { Span } from '../entries/sections.js';
import { treeOf } from '../merkle/tree.js';
import type { PageRow, RunRow } from './tables.js';

/** A power of two. */
export const linesPerPage = 64;

/** Rows of one statement. */
const portion = 50;

export function pagesOf(lines: readonly Line[]): Line[][] {
  const count = Math.ceil(lines.length / linesPerPage);
  return Array.from({ length: count }, (_, page) => lines.slice(page * linesPerPage, (page + 1) * linesPerPage));
}

export function pageRoot(lines: readonly Line[], leaf: LeafOf = leafOf): Buffer {
  return treeOf(lines.map(leaf)).root;
}

/** Where another copy of the app writes the same run, it writes the same. Resolves to the pages' roots. */
export async function writePages(knex: Knex, span: Span, lines: readonly Line[], first = 0): Promise<Buffer[]> {
  const rows = pagesOf(lines).map((page, index) => ({
    ...rowOf(span),
    page: first + index,
    query: queryIn(page[0] ?? ''),
    root: pageRoot(page),
    lines: page.join('\n'),
  }));
  for (let start = 0; start < rows.length; start += portion)
    await knex<PageRow>('evidence_pages')
      .insert(rows.slice(start, start + portion))
      .onConflict(['start', 'finish', 'page'])
      .ignore();
  return rows.map(({ root }) => root);
}

/** A whole run at once. Resolves to its tree's root. */
export async function writeRun(knex: Knex, span: Span, lines: readonly Line[]): Promise<Buffer> {
  const { root } = treeOf(await writePages(knex, span, lines));
  await knex<RunRow>('evidence_runs').insert({ ...rowOf(span), queries: lines.length, root });
  return root;
}

/** Its lines in order, some pages at a time. */
export async function* readPages(knex: Knex, span: Span, atOnce: number): AsyncGenerator<Line[]> {
  for (let page = 0; ; page += atOnce) {
    const within = knex<PageRow>('evidence_pages')
      .where(rowOf(span))
      .whereBetween('page', [page, page + atOnce - 1]);
    const pages = await within.orderBy('page').pluck<string[]>('lines');
    if (pages.length > 0) yield pages.flatMap(splitLines);
    if (pages.length < atOnce) return;
  }
}

export function splitLines(lines: string): Line[] {
  return lines.split('\n');
}

export function rowOf({ from, to }: Span): { start: number; finish: number } {
  return { start: from, finish: to };
}
