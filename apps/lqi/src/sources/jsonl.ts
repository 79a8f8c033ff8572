// A holder's records as a folder of JSON Lines documents, one file for each collection, asked by aggregation pipelines
// in a child process: a pipeline over documents in memory cannot be interrupted in process.
import { keepKillable } from './killable.js';
import { fill, type Stage } from './pipeline.js';
import type { Limits, Row, Source } from './source.js';

/** For each collection, the fields by which its documents are looked up. */
export type Index = Readonly<Record<string, readonly string[]>>;

export interface JsonlQuestion extends Pick<Limits, 'rows'> {
  readonly collection: string;
  readonly stages: Stage[];
}

export function openJsonl(folder: string, index: Index = {}): Source {
  const entry = new URL('./jsonl-child.js', import.meta.url);
  const child = keepKillable<JsonlQuestion, readonly Row[]>(entry, [folder, JSON.stringify(index)]);
  return {
    run: async (statement, parameters, { rows, milliseconds }) =>
      child.ask({ ...fill(statement, parameters), rows }, milliseconds),
    close: () => child.close(),
  };
}
