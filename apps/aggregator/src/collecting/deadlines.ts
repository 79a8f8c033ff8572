// Deadlines: a query that is due is decided with what there is, whoever is missing; and so is one whose agreement was
// withdrawn. Also tells of progress, twice a second at most, and settles what two copies of this app each saw one half of.
import type { QueryId } from '@anonymesh/protocol';
import type { StoreNode, Work } from '@anonymesh/courier';
import { goRounds, loggable, openBackOff, type Closer } from '@anonymesh/runtime';
import { tellAfter } from '../releasing/tell-progress.js';
import { lockQuery, queriesToSettle, queriesUnder } from '../store/queries.js';
import { settle } from './settle.js';

const interval = 500;
const atOnce = 500;
const delays = { first: 1000, most: 60_000 };
/** So many are set aside, about as many as a statement can name; then all wait. */
const mostAside = 20_000;

/** Watches until it is closed. */
export function watchDeadlines(node: StoreNode): Closer {
  const { courier, log } = node;
  const { knex } = courier.store;
  const aside = openBackOff(delays);

  const round = async () => {
    const now = Date.now();
    if (aside.waiting().length >= mostAside) return;
    const ended = await node.standing.ended(knex, now);
    for (const id of await queriesUnder(knex, ended, atOnce, aside.waiting())) await settleOne(id, now);
    const unheard = now - tellAfter;
    for (const id of await queriesToSettle(knex, { now, unheard }, atOnce, aside.waiting())) await settleOne(id);
  };

  /** One query that cannot be settled must not keep the others open, nor must many of them, each time anew. */
  const settleOne = async (id: QueryId, dueAt?: number) => {
    try {
      const isDone = await courier.transact((work) => settleLocked(node, work, id, dueAt));
      if (isDone) aside.drop(id);
      else aside.add(id);
    } catch (error) {
      aside.add(id);
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

/** Not done is what is due and open all the same: its agreement is not known any more, or work-on-sets.ts is ending it. */
async function settleLocked(node: StoreNode, work: Work, id: QueryId, dueAt?: number): Promise<boolean> {
  const query = await lockQuery(work.transaction, id);
  if (query === undefined) return true;
  // Not all words are there, or it would have been decided: without time left that is `refer`.
  const due = dueAt ?? query.due;
  await settle(node, work, { ...query, due }, true);
  return due > Date.now() || (await lockQuery(work.transaction, id))?.state !== 'open';
}
