// The queries that a caseworker has asked, as the requester's node lists them: when, under what, how they stand. Nothing in
// it says whom they are about.
import { queryId } from '@anonymesh/protocol';
import { z } from 'zod';
import { columns } from '../telling/told.js';
import { queryView } from './query-view.js';

const listedQuery = queryView.extend({
  agreement: z.string().max(100),
  askedAt: z.iso.datetime(),
  recheck: z.boolean(),
});
type ListedQuery = z.infer<typeof listedQuery>;

export const queryList = z.object({ queries: z.array(listedQuery), next: queryId.optional() });
export type QueryList = z.infer<typeof queryList>;

/** Newest first, and how to see older ones. */
export function listWords({ queries, next }: QueryList): string[] {
  if (queries.length === 0) return ['No queries.'];
  const rows = columns([
    ['asked at', 'query', 'kind', 'agreement', 'state', 'answered', 'result'],
    ...queries.map(row),
  ]);
  return next === undefined ? rows : [...rows, '', `Older ones: --before ${next}`];
}

function row(query: ListedQuery): string[] {
  const { askedAt, queryId: id, recheck, kind, agreement, state, answered, holders, outcome, code } = query;
  const result = outcome ?? (state === 'refused' ? code : undefined) ?? '';
  return [askedAt, id, recheck ? 're-check' : kind, agreement, state, `${answered} of ${holders}`, result];
}
