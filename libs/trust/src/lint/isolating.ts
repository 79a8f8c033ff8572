// Whether outcomes about one person, put together, tell one holder's flag that none of them tells alone (differencing).
// Exact: holders that take part in the same checks can be exchanged, so it is enough to count how many of each such group
// have a concern, and to look at all counts.
import type { Combination } from '@anonymesh/protocol';

/** One check, as far as it matters here: whose flags, and how they are combined. */
export interface Combined {
  /** At least one. */
  readonly holders: ReadonlySet<string>;
  readonly combination: Combination;
}

/** More than this many counts are not gone through: in doubt the answer is `too-many`. */
const mostCounts = 2_000_000;

/**
 * The holders whose flag somebody can compute who sees the outcomes of all these checks about one person, though no
 * outcome alone tells it. `known`: holders whose flag that somebody has anyway. Sorted.
 */
export function isolatedBy(checks: readonly Combined[], known: ReadonlySet<string>): readonly string[] | 'too-many' {
  const groups = groupsOf(checks, known);
  if (groups.reduce((product, { holders }) => product * (holders.length + 1), 1) > mostCounts) return 'too-many';
  const together = toldBy(groups, checks, known);
  const alone = checks.map((check) => toldBy(groups, [check], known));
  // Per outcome: what all of them tell, and what its parts told before.
  const isolated = groups.filter((group, place) => {
    if (group.isKnown) return false;
    return [...together.entries()].some(([outcome, tells]) => {
      if (!isTold(tells[place], group)) return false;
      const parts = outcome.split('|');
      const shown = parts.at(-1) ?? '';
      return !alone.some((told, index) => isTold(told.get(`${parts[index]}|${shown}`)?.[place], group));
    });
  });
  return isolated.flatMap(({ holders }) => holders).sort();
}

interface Group {
  readonly holders: readonly string[];
  readonly isKnown: boolean;
}

/** Least and most concerns in a group that go with an outcome. */
type Range = readonly [least: number, most: number];

/** All of a group or none of it have a concern: then everybody's flag is known. A known count between tells nobody's. */
function isTold(range: Range | undefined, { holders }: Group): boolean {
  if (range === undefined) return false;
  return range[1] === 0 || range[0] === holders.length;
}

function groupsOf(checks: readonly Combined[], known: ReadonlySet<string>): Group[] {
  const all = [...new Set(checks.flatMap(({ holders }) => [...holders]))];
  const signature = (holder: string) =>
    known.has(holder) ? `known ${holder}` : checks.map(({ holders }) => (holders.has(holder) ? 1 : 0)).join('');
  return [...Map.groupBy(all, signature).values()].map((holders) => ({
    holders,
    isKnown: holders.some((holder) => known.has(holder)),
  }));
}

/** For each outcome of these checks (and each flag that is known anyway), the range of concerns in each group. */
function toldBy(
  groups: readonly Group[],
  checks: readonly Combined[],
  known: ReadonlySet<string>,
): Map<string, Range[]> {
  const members = checks.map(({ holders }) => groups.map((group) => holders.has(group.holders[0] ?? '')));
  const told = new Map<string, Range[]>();
  const counts = groups.map(() => 0);
  for (;;) {
    const outcomes = checks.map((check, index) =>
      isConcern(
        check,
        counts.reduce((sum, count, place) => (members[index]?.[place] === true ? sum + count : sum), 0),
      )
        ? 1
        : 0,
    );
    const shown = known.size === 0 ? '' : counts.filter((_, place) => groups[place]?.isKnown).join('');
    const outcome = `${outcomes.join('|')}|${shown}`;
    const before = told.get(outcome);
    told.set(
      outcome,
      counts.map((count, place) => {
        const [least, most] = before?.[place] ?? [count, count];
        return [Math.min(least, count), Math.max(most, count)];
      }),
    );
    if (!countOn(counts, groups)) return told;
  }
}

function isConcern({ holders, combination }: Combined, concerns: number): boolean {
  if (combination === 'any') return concerns > 0;
  if (combination === 'all') return concerns === holders.size;
  return concerns >= combination.atLeast;
}

/** The next counts, like an odometer; false after the last. */
function countOn(counts: number[], groups: readonly Group[]): boolean {
  for (let place = 0; place < counts.length; place++) {
    const next = (counts[place] ?? 0) + 1;
    if (next <= (groups[place]?.holders.length ?? 0)) {
      counts[place] = next;
      return true;
    }
    counts[place] = 0;
  }
  return false;
}
