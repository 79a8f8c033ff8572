// What somebody sees of the queries that they asked, and when those have ended.
import type { QueryView, SignedIn } from '@anonymesh/founding';
import { until } from './until.js';

export interface FollowedQueries {
  view(queryId: string): Promise<QueryView>;
  /** The query once it has ended. */
  ended(queryId: string, seconds?: number): Promise<QueryView>;
}

export function followQueries(asker: SignedIn): FollowedQueries {
  const view = async (queryId: string) => (await asker.call('GET', `/api/v1/queries/${queryId}`)) as QueryView;
  const endedNow = async (queryId: string) => {
    const seen = await view(queryId);
    return (seen.state === 'decided' || seen.state === 'refused') && seen;
  };
  return { view, ended: (queryId, seconds) => until(`query ${queryId} has ended`, () => endedNow(queryId), seconds) };
}
