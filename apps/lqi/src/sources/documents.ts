// A folder of `<collection>.jsonl` files. In memory is only where the documents are, by the fields that the config names;
// the documents themselves are read from their files when they are asked for.
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { openDocumentFile, type Document, type DocumentFile, type Place } from './document-file.js';
import { buildIndex, type DocumentIndex } from './document-index.js';
import type { Index } from './jsonl.js';

export interface Collection {
  /** All of them, each read when it is asked for. */
  readonly documents: Iterable<Document>;
  /** The documents that may have this text as a value of the field, and perhaps others; `undefined` if not indexed. */
  find(field: string, value: string): readonly Document[] | undefined;
  /** Throws a SourceFault `unavailable` if the file was written to meanwhile. */
  confirm(): void;
}

export interface Folder {
  /** Looks at what is new or changed. Rejects when a file cannot be read whole or is gone. */
  refresh(): Promise<void>;
  get(collection: string): Collection | undefined;
}

interface Held {
  readonly version: string;
  readonly file: DocumentFile;
  readonly collection: Collection;
}

const ending = '.jsonl';

export function openFolder(folder: string, index: Index): Folder {
  const held = new Map<string, Held>();
  const drop = (name: string) => {
    held.get(name)?.file.close();
    held.delete(name);
  };
  return {
    get: (name) => held.get(name)?.collection,
    refresh: async () => {
      const files = (await readdir(folder)).filter((file) => file.endsWith(ending));
      const names = new Set(files.map((file) => basename(file, ending)));
      for (const name of held.keys()) if (!names.has(name)) drop(name);
      for (const name of names) {
        const path = join(folder, name + ending);
        const { mtimeNs, size, ino } = await stat(path, { bigint: true });
        const version = `${mtimeNs} ${size} ${ino}`;
        if (held.get(name)?.version === version) continue;
        drop(name);
        held.set(name, { version, ...hold(path, index[name] ?? []) });
      }
      // Without its file nobody would be found in a collection, and that would be an answer.
      if (!Object.keys(index).every((name) => names.has(name))) {
        throw new Error('a collection with an index is not there');
      }
    },
  };
}

function hold(path: string, fields: readonly string[]): Pick<Held, 'file' | 'collection'> {
  const file = openDocumentFile(path);
  try {
    const { indexes, place } = fields.length === 0 ? unindexed : readIndexes(file, fields);
    const collection: Collection = {
      documents: { [Symbol.iterator]: () => documentsOf(file) },
      find: (field, value) =>
        indexes
          .get(field)
          ?.find(value)
          .map((number) => file.read(place(number))),
      confirm: () => file.confirm(),
    };
    return { file, collection };
  } catch (cause) {
    file.close();
    throw cause;
  }
}

function* documentsOf(file: DocumentFile): Generator<Document> {
  for (const { document } of file.scan()) yield document;
}

interface Indexes {
  readonly indexes: ReadonlyMap<string, DocumentIndex>;
  readonly place: (number: number) => Place;
}

const unindexed: Indexes = { indexes: new Map(), place: () => ({ offset: 0, length: 0 }) };

function readIndexes(file: DocumentFile, fields: readonly string[]): Indexes {
  const builders = fields.map((field) => ({ field, builder: buildIndex(field) }));
  const offsets: number[] = [];
  const lengths: number[] = [];
  for (const { document, place } of file.scan()) {
    for (const { builder } of builders) builder.add(document, offsets.length);
    offsets.push(place.offset);
    lengths.push(place.length);
  }
  file.confirm();
  const compact = { offsets: Float64Array.from(offsets), lengths: Uint32Array.from(lengths) };
  return {
    indexes: new Map(builders.map(({ field, builder }) => [field, builder.build()])),
    place: (number) => ({ offset: compact.offsets[number] ?? 0, length: compact.lengths[number] ?? 0 }),
  };
}
