// Takes a set query one step further, if what its holders have sent allows it: to our matching, or to its end. Both are
// then worked on by work-on-sets.ts, outside of this transaction.
import type { RefusalCode } from '@anonymesh/protocol';
import type { Work } from '@anonymesh/courier';
import { controlsAgree } from '@anonymesh/psi';
import type { Query } from '../store/queries.js';
import {
  findSet,
  findSetHolders,
  isComplete,
  readOpening,
  saveEnding,
  updateSet,
  type SetHolder,
} from '../store/sets.js';
import { findRefusals } from '../store/words.js';
import { decideSet } from './decide-set.js';

/** The query's row is locked, or new. */
export async function settleSet({ transaction }: Work, query: Query): Promise<void> {
  const set = await findSet(transaction, query.id);
  if (set === undefined || set.stage === 'ending') return;
  const holders = await findSetHolders(transaction, query.id);
  const refusals = await findRefusals(transaction, query);
  const step = decideSet({
    stage: set.stage,
    holders: holders.map((holder) => soFar(holder, refusals)),
    controlsAgree: () => agreeOnControl(holders),
    people: set.people,
    isDue: query.due <= Date.now(),
  });
  if (step === 'wait') return;
  if (step !== 'combine') await saveEnding(transaction, query.id, step);
  else await updateSet(transaction, query.id, { stage: 'combining', advanced: true });
}

function soFar(holder: SetHolder, refusals: ReadonlyMap<string, RefusalCode>) {
  return {
    isComplete: isComplete(holder),
    differs: holder.differs,
    hasReleased: holder.release !== null,
    refusal: refusals.get(holder.holder),
  };
}

function agreeOnControl(holders: readonly SetHolder[]): boolean {
  const controls = Object.fromEntries(
    holders.flatMap((each) => {
      const opening = readOpening(each);
      return opening === undefined ? [] : [[each.holder, opening.control]];
    }),
  );
  return controlsAgree(
    holders.map(({ holder }) => holder),
    controls,
  );
}
