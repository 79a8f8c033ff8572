// Tells how far set queries are, twice a second at most, as soon as they are open longer than a second.
import { progress, soleParty, type QueryId } from '@anonymesh/protocol';
import type { StoreNode, Work } from '@anonymesh/courier';
import { goRounds, loggable, type Closer } from '@anonymesh/runtime';
import { tellAfter } from '../releasing/tell-progress.js';
import { lockQuery } from '../store/queries.js';
import { findSet, findSetHolders, isComplete, setsToTell, updateSet } from '../store/sets.js';
import { setProgress } from './set-progress.js';

const interval = 500;

export function tellSets(node: StoreNode): Closer {
  const { courier, log } = node;
  const round = async () => {
    for (const id of await setsToTell(courier.store.knex, Date.now() - tellAfter)) await tellOne(id);
  };

  /** One set of which nothing can be told must not keep the others untold. */
  const tellOne = async (id: QueryId) => {
    try {
      await courier.transact((work) => tell(node, work, id));
    } catch (error) {
      log.fault('set-progress.not-told', error, { query: loggable.queryId(id) });
    }
  };

  return goRounds({
    name: 'set-progress',
    interval,
    round,
    failed: (error) => log.fault('set-progress.failed', error),
  });
}

async function tell({ trust }: StoreNode, work: Work, queryId: QueryId): Promise<void> {
  const query = await lockQuery(work.transaction, queryId);
  const set = await findSet(work.transaction, queryId);
  const signed = query === undefined ? undefined : trust.agreements.get(query.agreement);
  if (set?.advanced !== true || signed === undefined) return;
  const holders = await findSetHolders(work.transaction, queryId);
  const body = setProgress(
    set.stage,
    holders.map((holder) => ({ ...holder, isComplete: isComplete(holder) })),
  );
  const told = JSON.stringify(body);
  await updateSet(work.transaction, queryId, { advanced: false, told });
  if (set.stage === 'ending' || told === set.told) return;
  work.post(progress, { to: soleParty(signed.content, 'coordinator'), queryId, body });
}
