// A holder's records as a folder of JSON Lines documents, one file for each collection, asked by aggregation pipelines
// in child processes: a pipeline that runs in process cannot be interrupted.
import { openKillableStreams } from './killable-streams.js';
import { keepKillable } from './killable.js';
import { fill, type Stage } from './pipeline.js';
import type { Limits, Source } from './source.js';

/** For each collection, the fields by which its documents are looked up. */
export type Index = Readonly<Record<string, readonly string[]>>;

export interface JsonlQuestion extends Pick<Limits, 'rows'> {
  readonly collection: string;
  readonly stages: Stage[];
}

export function openJsonl(folder: string, index: Index = {}): Source {
  const entry = new URL('./jsonl-child.js', import.meta.url);
  const children = keepKillable<JsonlQuestion>(entry, [folder, JSON.stringify(index)]);
  // Who reads a whole file once has no use for an index, which would have to be made first.
  const unindexed: Index = Object.fromEntries(Object.keys(index).map((collection) => [collection, []]));
  const streams = openKillableStreams<JsonlQuestion>(entry, [folder, JSON.stringify(unindexed)]);
  return {
    run: async (statement, parameters, { rows, milliseconds }) =>
      children.ask(JSON.stringify(statement), { ...fill(statement, parameters), rows }, milliseconds),
    stream: async function* (statement, parameters, { rows, milliseconds, signal }) {
      yield* streams.stream({ ...fill(statement, parameters), rows }, milliseconds, signal);
    },
    close: async () => {
      await Promise.all([children.close(), streams.close()]);
    },
  };
}
