// What a tree of queries shows of one: its leaf, or the two between which it would stand.
import { base64url, type QueryId } from '@anonymesh/protocol';
import type { Knex } from 'knex';
import { leafOf, leafText, placesIn, queryIn, type LeafOf, type Line } from '../entries/queries-tree.js';
import type { Section } from '../entries/sections.js';
import { treeOf, type Tree } from '../merkle/tree.js';
import type { Mention } from '../parts/part.js';
import { linesPerPage, pageRoot, pagesOf, rowOf, splitLines } from './pages.js';
import type { PageRow } from './tables.js';

export interface Mentioning {
  of(query: QueryId): Promise<Mention[]>;
}

/** A tree's pages: of each its first query and its root, and its lines when they are asked for. */
interface Pages {
  readonly heads: readonly { readonly query: QueryId; readonly root: Buffer }[];
  readonly lines: (page: number) => Promise<readonly Line[]>;
  readonly leaf: LeafOf;
}

/** By the pages that the store has of it; undefined where it has none any more. */
export async function openMentions(knex: Knex, section: Section): Promise<Mentioning | undefined> {
  const pages = () => knex<PageRow>('evidence_pages').where(rowOf(section));
  const heads = await pages().orderBy('page').select('query', 'root');
  if (heads.length !== Math.ceil(section.queries / linesPerPage)) return undefined;
  const lines = async (page: number) => {
    const row = await pages().where({ page }).first('lines');
    if (row === undefined) throw new Error('a page of the log is gone');
    return splitLines(row.lines);
  };
  return mentioning({ heads, lines, leaf: leafOf });
}

export function mentionsAmong(lines: readonly Line[], leaf: LeafOf): Mentioning {
  const pages = pagesOf(lines);
  const heads = pages.map((page) => ({ query: queryIn(page[0] ?? ''), root: pageRoot(page, leaf) }));
  return mentioning({ heads, lines: (page) => Promise.resolve(pages[page] ?? []), leaf });
}

function mentioning({ heads, lines, leaf }: Pages): Mentioning {
  const upper = treeOf(heads.map(({ root }) => root));
  const known = new Map<number, Promise<{ readonly lines: readonly Line[]; readonly tree: Tree }>>();
  const readPage = async (page: number) => {
    const all = await lines(page);
    return { lines: all, tree: treeOf(all.map(leaf)) };
  };
  const pageAt = (page: number) => {
    const found = known.get(page) ?? readPage(page);
    known.set(page, found);
    return found;
  };
  const mentionAt = async (page: number, place: number, says: typeof placesOf): Promise<Mention[]> => {
    if (page >= heads.length) return [];
    const { lines: all, tree } = await pageAt(page);
    const line = all[place];
    if (line === undefined) return mentionAt(page + 1, 0, says);
    const path = [...tree.inclusion(place), ...upper.inclusion(page)].map(base64url);
    return [{ query: queryIn(line), ...says(line), index: page * linesPerPage + place, path }];
  };
  // A neighbour's places are nobody's business, and may be many.
  const leastOf = leaf === leafOf ? inShort : placesOf;
  return {
    of: async (query) => {
      const page = Math.max(0, lastAtMost(heads, query));
      if (page >= heads.length) return [];
      const { lines: all } = await pageAt(page);
      const first = all.findIndex((line) => queryIn(line) >= query);
      const place = first === -1 ? all.length : first;
      const line = all[place];
      if (line !== undefined && queryIn(line) === query) return mentionAt(page, place, placesOf);
      const before = place === 0 ? [] : await mentionAt(page, place - 1, leastOf);
      return [...before, ...(await mentionAt(page, place, leastOf))];
    },
  };
}

type Said = Pick<Mention, 'places' | 'digest'>;

function placesOf(line: Line): Said {
  return { places: placesIn(line).split(' ').map(Number) };
}

function inShort(line: Line): Said {
  const said = leafText(queryIn(line), placesIn(line)).slice(queryIn(line).length + 1);
  return said === placesIn(line) ? placesOf(line) : { digest: said };
}

/** The place of the last page that begins with the query or one before it; -1 where none does. */
function lastAtMost(heads: Pages['heads'], query: QueryId): number {
  let [below, above] = [-1, heads.length];
  while (above - below > 1) {
    const middle = (below + above) >> 1;
    const head = heads[middle];
    if (head !== undefined && head.query <= query) below = middle;
    else above = middle;
  }
  return below;
}
