// One query's folder of spill files. Every file has a key of its own, from the query's seed and the name of the reading
// to which the folder belongs: a reading that begins anew never writes under a key that was used.
import { queryId, type QueryId } from '@anonymesh/protocol';
import { mkdir, open as openFolder, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { subkeyOf } from '../subkey.js';
import { openSealedBlocks, type SealedBlocks } from './sealed-blocks.js';

export interface Spill {
  /** Makes a file, which must not be there yet; or with `keep`, opens it as it is. */
  open(name: string, blockBytes: number, keep?: boolean): Promise<SealedBlocks>;
  /** Resolves when the files' names survive a loss of power, as what is in them does after their own sync. */
  sync(): Promise<void>;
  /** Removes a file, if it is there. */
  drop(name: string): Promise<void>;
}

export interface SpillPlace {
  /** The holder's folder for all queries. */
  readonly folder: string;
  readonly queryId: QueryId;
  /** Names one reading of one query: hexadecimal digits. */
  readonly reading: string;
  /** The query's secret, 32 bytes. */
  readonly seed: Uint8Array;
}

export async function openSpill({ folder, queryId: query, reading, seed }: SpillPlace): Promise<Spill> {
  const place = join(folder, query, reading);
  await mkdir(place, { recursive: true, mode: 0o700 });
  const keyOf = (name: string) => subkeyOf(seed, query, 'anonymesh/lqi/spill/v1', reading, name);
  return {
    open: (name, blockBytes, keep) => openSealedBlocks(join(place, name), keyOf(name), blockBytes, keep),
    sync: async () => {
      for (const each of [place, join(folder, query), folder]) {
        const handle = await openFolder(each);
        await handle.sync().finally(() => handle.close());
      }
    },
    drop: (name) => rm(join(place, name), { force: true }),
  };
}

/** Removes all that a query left on the disk. */
export function removeSpill(folder: string, query: QueryId): Promise<void> {
  return rm(join(folder, query), { recursive: true, force: true });
}

/** Removes what queries left that are not open any more. */
export async function removeSpillsBut(folder: string, open: readonly QueryId[]): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const left = await readdir(folder);
  for (const each of left.filter((name) => isQueryId(name) && !open.includes(name))) await removeSpill(folder, each);
}

const isQueryId = (name: string) => queryId.safeParse(name).success;
