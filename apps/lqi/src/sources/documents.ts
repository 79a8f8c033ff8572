// A folder of `<collection>.jsonl` files in memory, looked up by the fields that the config names, and read again when a
// file has changed.
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Index } from './jsonl.js';

type Document = Record<string, unknown>;

export interface Collection {
  readonly documents: readonly Document[];
  /** The documents of which this text is a value of the field; `undefined` if the field is not indexed. */
  find(field: string, value: string): readonly Document[] | undefined;
}

export interface Folder {
  /** Reads what is new or changed. Rejects, and keeps what it has, when a file cannot be read whole or is gone. */
  refresh(): Promise<void>;
  get(collection: string): Collection | undefined;
}

const ending = '.jsonl';

export function openFolder(folder: string, index: Index): Folder {
  let held = new Map<string, { collection: Collection; version: string }>();
  return {
    get: (name) => held.get(name)?.collection,
    refresh: async () => {
      const files = (await readdir(folder)).filter((file) => file.endsWith(ending));
      const fresh: typeof held = new Map();
      for (const file of files) {
        const name = basename(file, ending);
        const { mtimeMs, size, ino } = await stat(join(folder, file));
        const version = `${mtimeMs} ${size} ${ino}`;
        const known = held.get(name);
        const unchanged = known?.version === version ? known : undefined;
        fresh.set(name, unchanged ?? { version, collection: await read(join(folder, file), index[name] ?? []) });
      }
      // Without its file nobody would be found in a collection, and that would be an answer.
      if (!Object.keys(index).every((name) => fresh.has(name)))
        throw new Error('a collection with an index is not there');
      held = fresh;
    },
  };
}

async function read(file: string, fields: readonly string[]): Promise<Collection> {
  const documents: Document[] = [];
  const indexes = new Map(fields.map((field) => [field, new Map<string, Document[]>()]));
  for await (const line of createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity })) {
    if (line.trim() === '') continue;
    const document: unknown = JSON.parse(line);
    if (typeof document !== 'object' || document === null || Array.isArray(document)) throw new Error('not a document');
    documents.push(document as Document);
    for (const [field, entries] of indexes) add(entries, field, document as Document);
  }
  return { documents, find: (field, value) => found(indexes.get(field), value) };
}

function found(entries: Map<string, Document[]> | undefined, value: string): Document[] | undefined {
  return entries === undefined ? undefined : (entries.get(value) ?? []);
}

function add(entries: Map<string, Document[]>, field: string, document: Document): void {
  for (const value of new Set(valuesAt(document, field.split('.')))) {
    const same = entries.get(value);
    if (same === undefined) entries.set(value, [document]);
    else same.push(document);
  }
}

// As MongoDB reads a path: through every element of a list on the way, and by position.
function valuesAt(value: unknown, path: readonly string[]): string[] {
  if (Array.isArray(value)) {
    const [position, ...rest] = path;
    const items = value as unknown[];
    const positioned = position === undefined ? [] : valuesAt(items[Number(position)], rest);
    return [...positioned, ...items.flatMap((item) => valuesAt(item, path))];
  }
  const [field, ...rest] = path;
  if (field === undefined) return typeof value === 'string' ? [value] : [];
  return typeof value === 'object' && value !== null ? valuesAt((value as Document)[field], rest) : [];
}
