// Compares a set that was read with those that were read before for the same requester and agreement. Its sketch is kept
// in the transaction after which it may leave: two at once are compared one after the other.
import { deadlinesOf } from '@anonymesh/protocol';
import { createSecretKey } from 'node:crypto';
import type { Knex } from 'knex';
import { earlierSketches, insertSketch, type KeptSketch } from '../../store/sketches.js';
import type { Course } from '../course.js';
import { isTooNew } from './novelty.js';
import { changesBetween, openSketch, type Sketch } from './sketch.js';

/** Undefined where the agreement does not limit it. All versions of an agreement are compared. */
export function sketchFor({ question, mark }: Pick<Course, 'question' | 'mark'>): Sketch | undefined {
  const { agreement, verified } = question;
  if (agreement.limits.novelty === undefined) return undefined;
  const secret = mark('set-sketch', `${agreement.id} ${verified.manifest.requester}`);
  return openSketch(createSecretKey(Buffer.from(secret, 'base64url')));
}

/** Whether it must not leave; else it is kept, for the next to be compared with. */
export async function changedTooMuch(
  transaction: Knex,
  { question }: Pick<Course, 'question'>,
  sketch: Sketch,
): Promise<boolean> {
  const { agreement, verified, queryId } = question;
  const { novelty } = agreement.limits;
  if (novelty === undefined) return false;
  const kept: KeptSketch = {
    query_id: queryId,
    agreement_id: agreement.id,
    requester: verified.manifest.requester,
    at: Date.now(),
    cells: sketch.bytes(),
    kept_until: deadlinesOf(verified.manifest, agreement).erasure,
  };
  const earlier = await earlierSketches(transaction, kept);
  const changes = earlier.map((cells) => changesBetween(cells, kept.cells));
  if (isTooNew(novelty, changes)) return true;
  await insertSketch(transaction, kept);
  return false;
}
