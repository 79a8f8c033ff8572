// Whether a log counts its queries rightly: of each stretch, and of every run that it lists, the tree is made again from
// the entries themselves.
import { base64url, type QueryId } from '@anonymesh/protocol';
import { joinLines, leafOf, leafOfAll, linesOf, type LeafOf, type Line } from '../entries/queries-tree.js';
import { sectionsOf, type Counted, type Section } from '../entries/sections.js';
import { treeOf } from '../merkle/tree.js';

export interface Counts {
  /** An entry about a query. */
  take(entry: { readonly n: number; readonly query: QueryId }): void;
  /** Whether the entry counts what was taken since the last one, and lists what was counted before. */
  isRight(counted: Counted): boolean;
}

/** A section that was found right, and what it is about. */
interface Known extends Section {
  readonly lines: readonly Line[];
}

export function openCounts(): Counts {
  let taken: { readonly n: number; readonly query: QueryId }[] = [];
  /** Those of the last entry that counted, in order. */
  let known: readonly Known[] = [];
  let next = 0;

  return {
    take: (entry) => void taken.push(entry),
    isRight: (counted) => {
      const sections = sectionsOf(counted) ?? [];
      const own = sections.at(-1);
      const lines = linesOf(taken);
      const runs = sections.slice(0, -1).map((section) => knownAs(section, known));
      const isOwn = own?.from === next && isOf(own, lines, counted.runs === undefined ? leafOfAll : leafOf);
      // What is wrong once is not told again for each entry that lists it.
      known =
        counted.runs === undefined || own === undefined ? [] : [...runs.flatMap((run) => run ?? []), { ...own, lines }];
      taken = [];
      next = counted.n + 1;
      return isOwn && runs.every((run) => run !== undefined);
    },
  };
}

/** The section, if it is one that is known, or several of them in a row. */
function knownAs(section: Section, known: readonly Known[]): Known | undefined {
  const first = known.findIndex(({ from }) => from === section.from);
  const last = known.findIndex(({ to }) => to === section.to);
  const [one, ...others] = first === -1 ? [] : known.slice(first, last + 1);
  if (one === undefined || known[last]?.at !== section.at) return undefined;
  if (others.length === 0) return one.queries === section.queries && one.root === section.root ? one : undefined;
  const lines = others.reduce((joined, other) => joinLines(joined, other.lines), one.lines);
  return isOf(section, lines, leafOf) ? { ...section, lines } : undefined;
}

function isOf({ queries, root }: Section, lines: readonly Line[], leaf: LeafOf): boolean {
  return queries === lines.length && base64url(treeOf(lines.map(leaf)).root) === root;
}
