// Ends a set query: letters with matches, always as many and as large as the agreement says, then the outcome, then a word
// to every holder; and nothing is left but the outcome. A query that was taken back ends without letters: that it was,
// everybody knows.
import { relayMatches, soleParty } from '@anonymesh/protocol';
import type { Work } from '@anonymesh/courier';
import { lettersOf, matches } from '@anonymesh/protocol-outcome';
import { sealFor, signFor } from '../releasing/relay-to-requester.js';
import { releaseOutcome } from '../releasing/release-outcome.js';
import { deleteSet, findReleased, readEnding, readOpening, updateSet, type Sealing } from '../store/sets.js';
import { releasedBytes } from './lists.js';
import { emptyLetters, hasSlots, readLetters, writeSlots, type Slot } from './slots.js';
import type { SetNode } from './spool.js';
import { tellEnded } from './tell-matched.js';
import { whileIn, type SetInHand } from './working-on.js';

/** In one transaction. */
const lettersAtOnce = 16;
/** Milliseconds for the outbox to have room. */
const patience = 1000;

/** May be begun again at any point: it goes on with the first letter that has not left. */
export async function endSet(node: SetNode, inHand: SetInHand): Promise<void> {
  const { id, agreement, query, signed, set } = inHand;
  const ending = readEnding(set);
  const coordinator = soleParty(agreement, 'coordinator');
  const letters = ending.outcome === 'retracted' ? 0 : lettersOf(agreement).letters;
  if (ending.outcome === 'released') await prepareSlots(node, inHand);
  for (let left = set.letters; left < letters; left += lettersAtOnce) {
    const count = Math.min(lettersAtOnce, letters - left);
    const slots = await lettersFrom(node, inHand, left, count);
    // With nobody to take them it goes on in a later round, so that other queries end, and this process can.
    if (!(await hasRoomSoon(node, coordinator))) return;
    let isAhead = false as boolean;
    await whileIn(node, inHand, 'ending', async (work, now) => {
      // Another copy of this app ends it too.
      isAhead = now.letters !== left;
      if (isAhead) return;
      await postLetters(node, work, inHand, left, slots);
      await updateSet(work.transaction, id, { letters: left + count });
    });
    if (isAhead) return;
  }
  await whileIn(node, inHand, 'ending', async (work) => {
    await releaseOutcome(node, work, query, signed, ending);
    // Of one that was taken back the holders hear by themselves, from its requester.
    if (ending.outcome !== 'retracted') tellEnded(node, work, inHand, ending);
    await deleteSet(work.transaction, id);
  });
  await node.spool.erase(id);
}

async function hasRoomSoon({ courier }: SetNode, coordinator: string): Promise<boolean> {
  const late = AbortSignal.timeout(patience);
  try {
    await courier.hasRoom(relayMatches, coordinator, late);
    return true;
  } catch (error) {
    if (late.aborted) return false;
    throw error;
  }
}

/** What people approved becomes slots only now, when all of it is here. */
async function prepareSlots({ spool, courier }: SetNode, { id, agreement, holders }: SetInHand): Promise<void> {
  const folder = spool.folderOf(id);
  if (agreement.release !== 'on-approval' || hasSlots(folder)) return;
  const size = releasedBytes(agreement);
  async function* approved(): AsyncGenerator<Slot, void> {
    for (const { holder } of holders) {
      const released = await findReleased(courier.store.knex, id, holder);
      for (let at = 0; at < released.length; at += size) yield { holder, sealed: [released.subarray(at, at + size)] };
    }
  }
  if (!(await writeSlots(folder, agreement, approved()))) throw new Error('more was approved than there are slots');
}

async function lettersFrom(
  { spool }: SetNode,
  { id, agreement, set }: SetInHand,
  first: number,
  count: number,
): Promise<Buffer[]> {
  if (readEnding(set).outcome !== 'released') return emptyLetters(agreement, count);
  return readLetters(spool.folderOf(id), agreement, first, count);
}

async function postLetters(
  node: SetNode,
  work: Work,
  inHand: SetInHand,
  first: number,
  all: readonly Buffer[],
): Promise<void> {
  const { id: queryId, agreement, query, signed } = inHand;
  const { letters } = lettersOf(agreement);
  const sealing = sealingOf(inHand);
  const signing = all.map((slots, index) => {
    const content = {
      agreement: signed.hash,
      letter: first + index,
      letters,
      sealing,
      slots: slots.toString('base64url'),
    };
    return signFor(node, query, matches, content);
  });
  for (const letter of await Promise.all(signing)) {
    const body = sealFor(node, query, signed, matches, letter);
    // Whoever the requester is now: the outcome's part of this tells of it.
    if (body !== undefined) work.post(relayMatches, { to: soleParty(agreement, 'coordinator'), queryId, body });
  }
}

/** How what was released opens; nothing where nothing was. */
function sealingOf({ set, holders }: SetInHand): (Sealing & { readonly holder: string })[] {
  if (readEnding(set).outcome !== 'released') return [];
  return holders.flatMap((each) => {
    const sealing = each.release === null ? readOpening(each)?.sealing : (JSON.parse(each.release) as Sealing);
    return sealing === undefined ? [] : [{ holder: each.holder, ...sealing }];
  });
}
