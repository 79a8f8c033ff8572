// What this app does for set queries by itself, outside of any letter: matching, and ending. Each in a row of its own, so
// that a query is not late for its end because another, large one is being matched.
import type { QueryId } from '@anonymesh/protocol';
import { goRounds, loggable, type Closer } from '@anonymesh/runtime';
import { openSets, setsIn } from '../store/sets.js';
import { combineSet } from './combine-set.js';
import type { Stage } from './decide-set.js';
import { endSet } from './end-set.js';
import type { SetNode } from './spool.js';
import { isOurs, takeInHand, type SetInHand } from './working-on.js';

const interval = 200;
/** Milliseconds after which a query is tried again that failed for a reason of ours. */
const patience = 5000;

/** Milliseconds between looks at what is left on disk. */
const tidyEvery = 60_000;

/** First removes what earlier processes left on disk of queries that have ended; then what other copies have ended. */
export async function workOnSets(node: SetNode): Promise<Closer[]> {
  const { spool, courier, log } = node;
  const tidy = () => spool.keepOnly(() => openSets(courier.store.knex));
  await tidy();
  return [
    goRounds({
      name: 'spool',
      interval: tidyEvery,
      round: tidy,
      failed: (error) => log.fault('spool.not-tidied', error),
    }),
    rowOf(node, 'combining', (inHand) => combineSet(node, inHand)),
    rowOf(node, 'ending', (inHand) => endSet(node, inHand)),
  ];
}

function rowOf(node: SetNode, stage: Stage, effect: (inHand: SetInHand) => Promise<void>): Closer {
  const { courier, log } = node;
  const later = new Map<QueryId, number>();
  const workOn = async (id: QueryId) => {
    if ((later.get(id) ?? 0) > Date.now()) return;
    later.delete(id);
    try {
      const inHand = await takeInHand(node, id);
      if (inHand?.set.stage === stage && isOurs(node, inHand)) await effect(inHand);
    } catch (error) {
      // One query must not hold up the others.
      later.set(id, Date.now() + patience);
      log.fault('set.failed', error, { query: loggable.queryId(id), stage: loggable.code(stage) });
    }
  };
  return goRounds({
    name: stage,
    interval,
    round: async () => {
      for (const id of await setsIn(courier.store.knex, stage)) await workOn(id);
    },
    failed: (error) => log.fault('sets.failed', error, { stage: loggable.code(stage) }),
  });
}
