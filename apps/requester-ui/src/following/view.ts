// What a caseworker sees of a query: how many holders have answered, and in the end one word. Never which holders.
import { queryId, setStage } from '@anonymesh/protocol';
import { outcomeWord } from '@anonymesh/protocol-outcome';
import { z } from 'zod';
import { lateEnding, openStates, type Query } from '../store/queries.js';

export const queryView = z.object({
  queryId,
  kind: z.enum(['check', 'set']),
  state: z.enum(['asking', 'waiting', 'retracting', 'decided', 'refused']),
  answered: z.int(),
  holders: z.int(),
  deadline: z.iso.datetime(),
  /** Absent while it is open, and of a query that ended before the update by which this is kept. */
  endedAt: z.iso.datetime().optional(),
  /** Of a set query: how far all holders together are. */
  progress: z.object({ stage: setStage, percent: z.int() }).optional(),
  outcome: outcomeWord.optional(),
  /** Of a set query that was released: how many people the holders have in common. */
  people: z.int().optional(),
  code: z.string().optional(),
});
export type QueryView = z.infer<typeof queryView>;

/** At its deadline a query has ended, whether or not anybody has written that down yet. */
export function viewOf(query: Query, now: number): QueryView {
  const { id, kind, answered, holders, deadline, stage, percent, people } = query;
  const overdue = openStates.includes(query.state) && deadline <= now;
  const { state, outcome, code } = overdue ? lateEnding(query.state) : query;
  const endedAt = overdue ? deadline : query.ended_at;
  return {
    queryId: id,
    kind,
    state,
    answered,
    holders,
    deadline: new Date(deadline).toISOString(),
    ...(endedAt === null ? {} : { endedAt: new Date(endedAt).toISOString() }),
    ...(stage === null || percent === null || !openStates.includes(state) ? {} : { progress: { stage, percent } }),
    ...(outcome === null ? {} : { outcome }),
    ...(people === null ? {} : { people }),
    ...(code === null ? {} : { code }),
  };
}

export function hasEnded({ state }: QueryView): boolean {
  return state === 'decided' || state === 'refused';
}

/** Not decided, and not taken back before. */
export function canBeTakenBack({ state }: QueryView): boolean {
  return state === 'asking' || state === 'waiting';
}

/** A line of the caseworker's list; nothing in it says whom it is about. */
export const listedQuery = queryView.extend({
  agreement: z.string(),
  askedAt: z.iso.datetime(),
  /** Whether a subject's wish made us ask again. */
  recheck: z.boolean(),
});
export type ListedQuery = z.infer<typeof listedQuery>;

export const queryList = z.object({
  queries: z.array(listedQuery),
  /** Give it as `before` to see older ones; absent on the last page. */
  next: queryId.optional(),
});
export type QueryList = z.infer<typeof queryList>;

export function listedOf(query: Query, now: number): ListedQuery {
  const { agreement_id: agreement, asked_at, t } = query;
  return { ...viewOf(query, now), agreement, askedAt: new Date(asked_at).toISOString(), recheck: t > 0 };
}
