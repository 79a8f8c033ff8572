// Is everything well, how much was asked and how long it took, what waits for a person: all that the holder's staff sees
// first. It holds nothing about anybody, and works while the database or the store is down.
import type { StoreNode } from '@anonymesh/courier';
import { inTime, type Checked } from '@anonymesh/runtime';
import { answerTimes } from '../store/answer-times.js';
import { countOpen, type OpenQueries } from '../store/open-queries.js';
import { countForPeople } from '../store/waiting-for-people.js';

export interface OverviewParts {
  readonly node: StoreNode;
  /** Looks whether everything is well. */
  readonly look: () => Promise<readonly Checked[]>;
}

/** Days that are counted. */
const days = 14;
/** Upper limits of the times that are counted, in milliseconds. */
export const timeLimits = [500, 1000, 2000, 5000, 30_000, 300_000] as const;

export interface Overview {
  readonly at: number;
  readonly checks: readonly Checked[];
  /** Undefined where our own store does not answer. */
  readonly counts: Counts | undefined;
}

export interface Waiting extends OpenQueries {
  /**
   * Queries that a person must approve, or of whose records: of how many records would say how many matched, which is for
   * approvers to know.
   */
  readonly approvals: number;
  /** When the first of these is too late; milliseconds since 1970. */
  readonly approvalsDue: number | null;
}

export interface Counts {
  readonly waiting: Waiting;
  readonly perDay: readonly { readonly day: string; readonly queries: number }[];
  /** `upTo`: milliseconds; undefined for what took longer than all limits. */
  readonly byTime: readonly { readonly upTo: number | undefined; readonly queries: number }[];
}

/** Looks anew each time; who asks while it is being looked shares what is found. */
export function openOverview(parts: OverviewParts): () => Promise<Overview> {
  let looking: Promise<Overview> | undefined;
  return () => {
    looking ??= look(parts, Date.now()).finally(() => {
      looking = undefined;
    });
    return looking;
  };
}

async function look(parts: OverviewParts, now: number): Promise<Overview> {
  const [checked, counts] = await Promise.all([
    parts.look(),
    inTime(count(parts, now)).catch((error: unknown) => {
      parts.node.log.fault('overview.not-counted', error);
      return undefined;
    }),
  ]);
  return { at: now, checks: checked, counts };
}

async function count({ node }: OverviewParts, now: number): Promise<Counts> {
  const { knex } = node.courier.store;
  const firstDay = Math.floor(now / day) - days + 1;
  const open = await countOpen(knex);
  const { queries, releases, due } = await countForPeople(knex, now);
  const { perDay, byTime } = await answerTimes(knex, { firstDay, now, limits: timeLimits });
  return {
    waiting: { ...open, approvals: queries + releases, approvalsDue: due },
    perDay: perDay.map((queries, index) => ({ day: dayOf(firstDay + index), queries })),
    byTime: byTime.map((queries, index) => ({ upTo: timeLimits[index], queries })),
  };
}

const day = 86_400_000;

function dayOf(number: number): string {
  return new Date(number * day).toISOString().slice(0, 10);
}
