// Finds which records match, once all tokens are here, and prepares what comes of it: a number, sealed records for the
// requester, or for each holder the list of its own records that people there decide on.
import type { StoreNode } from '@anonymesh/courier';
import { openOuter, tokenShape, type Combined } from '@anonymesh/psi';
import { saveEnding, updateSet, updateSetHolder } from '../store/sets.js';
import { refer, type Ending } from './decide-set.js';
import { listsOf, tellApproving } from './tell-matched.js';
import { writeSlots, type Slot } from './slots.js';
import type { SetNode } from './spool.js';
import { untilOutOf, whileIn, type SetInHand } from './working-on.js';

/**
 * May be begun again at any point: it works from files that do not change any more. Stops where the query ends meanwhile:
 * other sets wait for it.
 */
export function combineSet(node: SetNode, inHand: SetInHand): Promise<void> {
  return untilOutOf(node, inHand, 'combining', (signal) => combine(node, inHand, signal));
}

async function combine(node: SetNode, inHand: SetInHand, signal: AbortSignal): Promise<void> {
  const { id, agreement, holders } = inHand;
  const combiner = await node.spool.combinerOf(id, agreement);
  const records = Object.fromEntries(holders.map(({ holder, records }) => [holder, records]));
  const combined = await combiner.combine(records, agreement.limits.matches, signal);
  const count = holders.length;
  if (combined === 'incomplete') return end(node, inHand, refer('answers-disagree', count));
  if (combined === 'too-many') return end(node, inHand, refer('too-many-matches', count));
  if (combined === 'too-few') return end(node, inHand, refer('too-few-matches', count));
  if (agreement.release === 'on-approval') return askPeople(node, inHand, combined);
  const isWhole =
    agreement.release === 'count' || (await writeSlots(node.spool.folderOf(id), agreement, opened(inHand, combined)));
  const { people } = combined;
  const released: Ending = { outcome: 'released', answered: count, code: 'all-answered', people };
  return end(node, inHand, isWhole ? released : refer('answers-disagree', count));
}

function end(node: StoreNode, inHand: SetInHand, ending: Ending): Promise<void> {
  return whileIn(node, inHand, 'combining', async ({ transaction }) => {
    await saveEnding(transaction, inHand.id, ending);
  });
}

/** Without their outer layer; undefined for one that does not open, because a holder did not do its part. */
async function* opened({ id, agreement }: SetInHand, combined: Combined): AsyncGenerator<Slot | undefined, void> {
  const shape = tokenShape(agreement);
  for await (const record of combined.released()) {
    const sealed = openOuter(id, shape, record);
    yield sealed && { holder: record.holder, sealed: [sealed.salt, sealed.inner] };
  }
}

async function askPeople(node: StoreNode, inHand: SetInHand, combined: Combined): Promise<void> {
  const lists = await listsOf(inHand, combined);
  await whileIn(node, inHand, 'combining', async (work) => {
    for (const list of lists) {
      await updateSetHolder(work.transaction, list.holder, { matched: list.records });
      tellApproving(node, work, inHand, list);
    }
    const { people } = combined;
    await updateSet(work.transaction, inHand.id, { stage: 'approving', people, advanced: true });
  });
}
