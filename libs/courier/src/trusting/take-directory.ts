// Which directory a node goes by: the file’s, with what this party has known before of everybody’s entries; or the one that
// it has known, where the file is older. It never goes back.
import { canonicalBytes } from '@anonymesh/protocol';
import {
  readDirectory,
  readDirectoryFile,
  verifyEntry,
  worthKeeping,
  type Directory,
  type KnownEntry,
  type TrustConfig,
} from '@anonymesh/trust';
import type { KnownDirectory } from './known-directory.js';

export interface TakenDirectory {
  readonly directory: Directory;
  /** To be known from now on; undefined where nothing is new. */
  readonly known: KnownDirectory | undefined;
  /** The serial of a file that is older than what was known. */
  readonly older: number | undefined;
}

/** Throws, naming the file, where it cannot be read or the operator did not sign it. */
export function takeDirectory(
  config: Pick<TrustConfig, 'directory' | 'operator'>,
  known: KnownDirectory | undefined,
): TakenDirectory {
  const file = readDirectoryFile(config, known?.entries);
  const entries = keptOf(known?.entries ?? [], file.entries);
  // Entries are their parties’ own word: a new one counts also in an old file. Another operator’s admission does not.
  const before = known && readDirectory({ admission: known.admission, entries: [] }, config.operator, entries);
  const isOlder = before !== undefined && file.directory.serial < before.directory.serial;
  const next = { admission: isOlder && known !== undefined ? known.admission : file.admission, entries };
  const isNew = known === undefined || !canonicalBytes(next).equals(canonicalBytes(known));
  return {
    directory: isOlder ? before.directory : file.directory,
    known: isNew ? next : undefined,
    older: isOlder ? file.directory.serial : undefined,
  };
}

/** Of each identity, of parties that have been removed as well: they may come back. */
function keptOf(known: readonly string[], read: readonly KnownEntry[]): string[] {
  const texts = new Set(read.map(({ jws }) => jws));
  const earlier = known.flatMap((jws) => {
    const entry = texts.has(jws) ? undefined : verifyEntry(jws);
    return entry === undefined ? [] : [{ jws, entry }];
  });
  const all = [...earlier, ...read].toSorted((a, b) => b.entry.serial - a.entry.serial);
  const byIdentity = Map.groupBy(all, ({ entry }) => `${entry.id} ${entry.fingerprint}`);
  return [...byIdentity.values()].flatMap((entries) => worthKeeping(entries).map(({ jws }) => jws)).sort();
}
