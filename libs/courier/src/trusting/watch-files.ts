// Tells when files have been written, replaced or added. Their folders are watched: a file that is put in another’s place
// is another file.
import { watch } from 'node:fs';
import { basename, dirname } from 'node:path';

export interface Watched {
  readonly close: () => void;
}

/** `isOne`: whether a name in the folder of that file is to be told of as well. */
export function watchFiles(
  files: readonly string[],
  isOne: (file: string, name: string) => boolean,
  { changed, failed }: { readonly changed: () => void; readonly failed: (error: unknown) => void },
): Watched {
  const watchers = [...Map.groupBy(files, dirname)].flatMap(([folder, inside]) => {
    const tells = (name: string | null) =>
      name === null || isProjected(name) || inside.some((file) => basename(file) === name || isOne(file, name));
    try {
      const watcher = watch(folder, { persistent: false }, (_, name) => {
        if (tells(name)) changed();
      });
      return [watcher.on('error', failed)];
    } catch (error) {
      failed(error);
      return [];
    }
  });
  return { close: () => watchers.forEach((watcher) => watcher.close()) };
}

/** Kubernetes puts a folder of files in another’s place by changing the link `..data`. */
function isProjected(name: string): boolean {
  return name.startsWith('..');
}
