// Where tokens wait until all have come: a folder for each set query. The names in it are of queries and holders, and
// what the files hold was made by holders so that it tells us nothing but which records match.
import { readdir, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { QueryId, SetAgreement } from '@anonymesh/protocol';
import type { StoreNode } from '@anonymesh/courier';
import { openCombiner, tokenShape, type Combiner } from '@anonymesh/psi';

export interface Spool {
  /** The folder of a query: what is put there goes with it. */
  folderOf(id: QueryId): string;
  combinerOf(id: QueryId, agreement: SetAgreement): Promise<Combiner>;
  /** Removes all that there is of a query. */
  erase(id: QueryId): Promise<void>;
  /** Removes all but what belongs to these. */
  keepOnly(ids: readonly QueryId[]): Promise<void>;
}

/** What the parts that match sets are given: the node, and the place on disk. */
export interface SetNode extends StoreNode {
  readonly spool: Spool;
}

/** `folder`: of this process alone; made where it is not there. */
export async function openSpool(folder: string): Promise<Spool> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const folderOf = (id: QueryId) => join(folder, id);
  const erase = (id: string) => rm(folderOf(id), { recursive: true, force: true });
  return {
    folderOf,
    combinerOf: (id, agreement) => openCombiner({ folder: folderOf(id), shape: tokenShape(agreement) }),
    erase,
    keepOnly: async (ids) => {
      const kept = new Set(ids);
      for (const name of await readdir(folder)) if (!kept.has(name)) await erase(name);
    },
  };
}
