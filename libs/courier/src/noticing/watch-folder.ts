// Watches the folder of agreements: what an administrator puts there while the node runs is read within a second or two,
// and told to the other parties.
import { statSync } from 'node:fs';
import { filesOf, namesIn, readAgreement, type Directory, type FiledAgreement } from '@anonymesh/trust';

export interface WatchedFolder {
  /**
   * Those that have changed since they were read last, at first all, and all where the directory has: a signature may be
   * that of somebody who joined since. `failed` is called for each that cannot be read.
   */
  changed(failed: (error: unknown) => void): readonly FiledAgreement[];
  /** What was read could not be kept: it counts as changed once more. */
  forget(): void;
}

export function watchFolder(folder: string, directory: Directory): WatchedFolder {
  const seen = new Map<string, string>();
  return {
    changed: (failed) => {
      const found: FiledAgreement[] = [];
      try {
        for (const name of namesIn(folder)) {
          const state = `${directory.serial} ${stateOf(folder, name)}`;
          if (seen.get(name) === state) continue;
          seen.set(name, state); // one that is half written changes once more
          try {
            found.push(readAgreement(folder, name, directory));
          } catch (error) {
            failed(error);
          }
        }
      } catch (error) {
        failed(error);
      }
      return found;
    },
    forget: () => seen.clear(),
  };
}

function stateOf(folder: string, name: string): string {
  const all = Object.values(filesOf(folder, name)).map((file) => statSync(file, { throwIfNoEntry: false }));
  return all.map((found) => (found === undefined ? '-' : `${found.mtimeMs} ${found.size} ${found.ino}`)).join();
}
