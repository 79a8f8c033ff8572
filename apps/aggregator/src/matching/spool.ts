// Where tokens wait until all have come: a folder for each set query. The names in it are of queries and holders, and
// what the files hold was made by holders so that it tells us nothing but which records match.
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { QueryId, SetAgreement } from '@anonymesh/protocol';
import type { StoreNode } from '@anonymesh/courier';
import { keeperFile, keeperOf } from '@anonymesh/runtime';
import { openCombiner, tokenShape, type Combiner } from '@anonymesh/psi';

export interface Spool {
  /** The folder's name, by which the store knows whose copy has a query's tokens. */
  readonly keeper: string;
  /** The folder of a query: what is put there goes with it. */
  folderOf(id: QueryId): string;
  combinerOf(id: QueryId, agreement: SetAgreement): Promise<Combiner>;
  /** Removes all that there is of a query. */
  erase(id: QueryId): Promise<void>;
  /** Removes all but what belongs to those that are still open, which are asked for after looking what is there. */
  keepOnly(open: () => Promise<readonly QueryId[]>): Promise<void>;
}

/** What the parts that match sets are given: the node, and the place on disk. */
export interface SetNode extends StoreNode {
  readonly spool: Spool;
}

/** `folder`: of this process alone; made where it is not there. */
export function openSpool(folder: string): Spool {
  const keeper = keeperOf(folder);
  const folderOf = (id: QueryId) => join(folder, id);
  const erase = (id: string) => rm(folderOf(id), { recursive: true, force: true });
  return {
    keeper,
    folderOf,
    combinerOf: (id, agreement) => openCombiner({ folder: folderOf(id), shape: tokenShape(agreement) }),
    erase,
    keepOnly: async (open) => {
      const names = await readdir(folder);
      const kept = new Set([keeperFile, ...(await open())]);
      for (const name of names) if (!kept.has(name)) await erase(name);
    },
  };
}
