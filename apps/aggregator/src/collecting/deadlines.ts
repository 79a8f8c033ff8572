// Deadlines: a query that is due is decided with what there is, whoever is missing; and so is one whose agreement was
// withdrawn. Also tells of progress, twice a second at most, and settles what two copies of this app each saw one half of.
import type { QueryId } from '@anonymesh/protocol';
import type { StoreNode, Work } from '@anonymesh/courier';
import { goRounds, loggable, type Closer } from '@anonymesh/runtime';
import { tellAfter } from '../releasing/tell-progress.js';
import { lockQuery, queriesToSettle, queriesUnder } from '../store/queries.js';
import { settle } from './settle.js';

const interval = 500;
const atOnce = 500;

/** Watches until it is closed. */
export function watchDeadlines(node: StoreNode): Closer {
  const { courier, log } = node;

  const round = async () => {
    const now = Date.now();
    const ended = await node.standing.ended(courier.store.knex, now);
    for (const id of await queriesUnder(courier.store.knex, ended, atOnce)) await settleOne(id, now);
    const ids = await queriesToSettle(courier.store.knex, now, now - tellAfter, atOnce);
    for (const id of ids) await settleOne(id);
  };

  /** One query that cannot be settled must not keep the others open. */
  const settleOne = async (id: QueryId, dueAt?: number) => {
    try {
      await courier.transact((work) => settleLocked(node, work, id, dueAt));
    } catch (error) {
      log.fault('query.not-settled', error, { query: loggable.queryId(id) });
    }
  };

  return goRounds({
    name: 'deadlines',
    interval,
    round,
    failed: (error) => log.fault('deadlines.failed', error),
  });
}

async function settleLocked(node: StoreNode, work: Work, id: QueryId, dueAt?: number): Promise<void> {
  const query = await lockQuery(work.transaction, id);
  // Not all words are there, or it would have been decided: without time left that is `refer`.
  if (query !== undefined) await settle(node, work, dueAt === undefined ? query : { ...query, due: dueAt }, true);
}
