// How far a set query is, as its parties' stores say: where in it something is killed is seen, and not guessed from a clock.
import { setTimeout as wait } from 'node:timers/promises';
import type { RunningMesh } from '@anonymesh/founding';
import { rowsOf } from '../mesh/read-mesh.js';

/** In the order in which they are passed. */
export const setStages = ['reading', 'exchanging', 'telling', 'combining', 'over'] as const;
export type Stage = (typeof setStages)[number];

/** Of a query that was dispatched; undefined before. The health trust is looked at for all holders. */
export function stageOf({ dir }: RunningMesh, queryId: string): Stage | undefined {
  const [decided] = rowsOf(dir, 'aggregator', 'select outcome from queries where id = ?', queryId);
  if (decided !== undefined && decided['outcome'] !== null) return 'over';
  const [combining] = rowsOf(dir, 'aggregator', 'select stage from sets where query_id = ?', queryId);
  if (combining !== undefined && combining['stage'] !== 'collecting') return 'combining';
  const [row] = rowsOf(dir, 'health-trust', 'select stage, sent, told from set_queries where query_id = ?', queryId);
  if (row === undefined) return undefined;
  if (row['stage'] === 'reading') return 'reading';
  if (Number(row['told']) > 0) return 'telling';
  return Number(row['sent']) > 0 ? 'exchanging' : 'reading';
}

/** Resolves once it is there; to false where it has passed by unseen. */
export async function isSeenAt(mesh: RunningMesh, queryId: string, wanted: Stage, seconds = 60): Promise<boolean> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const stage = stageOf(mesh, queryId);
    if (stage === wanted) return true;
    if (stage !== undefined && setStages.indexOf(stage) > setStages.indexOf(wanted)) return false;
    if (Date.now() > deadline) throw new Error(`after ${seconds} s still not: ${wanted}`);
    await wait(3);
  }
}
