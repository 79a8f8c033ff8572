// What a caseworker sees of a query: how many holders have answered, and in the end one word. Never which holders.
import { queryId } from '@anonymesh/protocol';
import { outcomeWord } from '@anonymesh/protocol-outcome';
import { z } from 'zod';
import { lateCode, openStates, type Query } from '../store/queries.js';

export const queryView = z.object({
  queryId,
  state: z.enum(['asking', 'waiting', 'decided', 'refused']),
  answered: z.int(),
  holders: z.int(),
  deadline: z.iso.datetime(),
  outcome: outcomeWord.optional(),
  code: z.string().optional(),
});
export type QueryView = z.infer<typeof queryView>;

/** At its deadline a query has ended, whether or not anybody has written that down yet. */
export function viewOf(query: Query, now: number): QueryView {
  const { id, answered, holders, deadline } = query;
  const overdue = openStates.includes(query.state) && deadline <= now;
  const { state, outcome, code } = overdue ? ({ state: 'decided', outcome: 'refer', code: lateCode } as const) : query;
  return {
    queryId: id,
    state,
    answered,
    holders,
    deadline: new Date(deadline).toISOString(),
    ...(outcome === null ? {} : { outcome }),
    ...(code === null ? {} : { code }),
  };
}

export function hasEnded({ state }: QueryView): boolean {
  return state === 'decided' || state === 'refused';
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
